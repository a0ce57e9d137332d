// Counters, gauges and one histogram as Prometheus reads them. What is counted elsewhere is asked for when they are read.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

import type { TokenUsage } from '../agent/model.ts';
import type { CallContext } from '../http/http.ts';

type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  labels?: Labels;
  value: number;
}

export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  samples: readonly Sample[];
}

export interface Metrics {
  /** Counts what was sent and hands it on. */
  reporter(report: CallContext['report']): CallContext['report'];
  countTokens(usage: TokenUsage): void;
  /** One request that has ended. */
  observe(route: string, code: number, seconds: number): void;
  /** How many have ended. */
  requests(): number;
  /** Those of this process, with what others say now. */
  render(families: readonly Family[]): string;
}

const HELP: Readonly<Record<string, string>> = {
  fin_http_requests_total: 'Requests answered, by route and code.',
  fin_provider_calls_total: 'Requests sent to providers by this process.',
  fin_model_tokens_total: 'Tokens of the language model.',
};
const EDGES_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90];

export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, { labels: Labels; value: number }>>();
  const buckets = EDGES_S.map(() => 0);
  let [totalS, observed] = [0, 0];

  function count(name: string, labels: Labels, times = 1): void {
    const family = counters.get(name) ?? new Map<string, { labels: Labels; value: number }>();
    counters.set(name, family);
    const key = Object.values(labels).join('\n');
    const held = family.get(key);
    if (held === undefined) family.set(key, { labels, value: times });
    else held.value += times;
  }

  function renderHistogram(): string[] {
    const name = 'fin_request_seconds';
    let sum = 0;
    const lines = EDGES_S.map((edge, index) => {
      sum += buckets[index] ?? 0;
      return `${name}_bucket{le="${edge}"} ${sum}`;
    });
    return [
      `# HELP ${name} Time until a request was answered; streams until they end.`,
      `# TYPE ${name} histogram`,
      ...lines,
      `${name}_bucket{le="+Inf"} ${observed}`,
      `${name}_sum ${totalS}`,
      `${name}_count ${observed}`,
    ];
  }

  return {
    reporter: (report) => (event) => {
      if (event.type === 'request')
        count('fin_provider_calls_total', {
          provider: event.provider,
          result: event.error === undefined ? 'ok' : 'failed',
        });
      report(event);
    },
    countTokens: ({ inputTokens = 0, outputTokens = 0 }) => {
      if (inputTokens > 0) count('fin_model_tokens_total', { kind: 'input' }, inputTokens);
      if (outputTokens > 0) count('fin_model_tokens_total', { kind: 'output' }, outputTokens);
    },
    observe: (route, code, seconds) => {
      count('fin_http_requests_total', { route, code });
      observed += 1;
      totalS += seconds;
      const index = EDGES_S.findIndex((edge) => seconds <= edge);
      if (index >= 0) buckets[index] = (buckets[index] ?? 0) + 1;
    },
    requests: () => observed,
    render: (families) => {
      const own = [...counters].map(([name, family]): Family => ({
        name,
        help: HELP[name] ?? name,
        type: 'counter',
        samples: [...family.values()],
      }));
      return [...[...own, ...families].flatMap(renderFamily), ...renderHistogram(), ''].join('\n');
    },
  };
}

function renderFamily({ name, help, type, samples }: Family): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels = {}, value }) => `${name}${renderLabels(labels)} ${value}`),
  ];
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) =>
      `${key}="${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
