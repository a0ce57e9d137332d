// Milliseconds until a typed question is understood, in a process that has understood one before, and of the first.
import { createPlanner } from '../../src/agent/planner/planner.ts';
import { questions } from '../agent/planner/questions.ts';
import { median } from './interleave.ts';

export interface PlannerReport {
  questions: number;
  firstMs: number;
  medianMs: number;
  p95Ms: number;
}

const NOW = Date.parse('2026-11-19T11:00:00-05:00');

export function measurePlanner(): PlannerReport {
  const planner = createPlanner({ clock: { now: () => NOW } });
  const timeOf = (text: string): number => {
    const started = performance.now();
    planner.canPlan(text, []);
    return performance.now() - started;
  };
  const firstMs = timeOf('price of NVDA');
  const times = questions.map(({ text }) => timeOf(text));
  return {
    questions: times.length,
    firstMs,
    medianMs: median(times),
    p95Ms: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN,
  };
}
