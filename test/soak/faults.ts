// Two thousand questions against a provider that fails at random in twelve ways.
import { runFaultStorm } from '../helpers/fault-storm.ts';
import { type Section, check } from './world.ts';

const QUESTIONS = 2_000;
const SEED = 20_261_119;

export async function soakFaults(): Promise<Section> {
  const report = await runFaultStorm({ questions: QUESTIONS, seed: SEED });
  const faults = Object.entries(report.faults).map(([name, count]) => `${name} ${count}`);
  const failed = Object.entries(report.failed).map(([code, count]) => `${code} ${count}`);
  return {
    title: 'A provider that fails at random',
    how: `${QUESTIONS} questions for quotes, series and chains, seed ${SEED}, six in ten replies faulty: ${faults.join(', ')}. Waits, retries and breaker times are a hundredth of their usual length. Every figure is compared with that of a fault-free provider at the same moment.`,
    findings: [
      check(
        'kinds of faults encountered',
        '12',
        Object.keys(report.faults).length,
        Object.keys(report.faults).length === 12,
      ),
      check(
        'crashes, hangs past the deadline, invented figures, cached symbols without an answer',
        'none',
        report.problems.length === 0 ? 'none' : `${report.problems.length}: ${report.problems[0] ?? ''}`,
        report.problems.length === 0,
      ),
      check('most attempts at a single request', 'at most 3', report.mostAttempts, report.mostAttempts <= 3),
      check(
        'requests for all questions',
        `at most ${QUESTIONS * 3}`,
        report.requests,
        report.requests <= QUESTIONS * 3,
      ),
      check(
        'slowest answer (2.5 s allowed)',
        'within the deadline',
        `${Math.round(report.slowestMs)} ms`,
        report.slowestMs < 4_000,
      ),
      check(
        'answered fresh or from the cache; stale; failed, never cached',
        'some of each',
        `${report.live}; ${report.stale}; ${failed.join(', ')}`,
        report.live > 0 && report.stale > 0,
      ),
    ],
  };
}
