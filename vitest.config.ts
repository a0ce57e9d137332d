// Two lanes: what runs in a process of its own in a blink, and what spawns the program, keeps many processes busy or
// takes seconds to compute. Nothing is mocked, so nothing is reset. Three workers keep two cores busy, because many tests
// wait for programs, limits and deadlines. Limits of time catch what hangs, they judge no speed: a busy machine is slow.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The end-to-end lane. The longest first: begun last, one of them would run alone at the end. */
const SLOW = [
  'test/batch/{regression,sabotage,replay,ideal-agent,runner}.test.ts',
  'test/agent/grounding/{properties,manners}.test.ts',
  'test/market/{row-isolation,neutrality,morning,storm,processes}.test.ts',
  'test/http/limiter.test.ts',
  'test/book/{book-file,data-database}.test.ts',
  'test/docs/*.test.ts',
  'test/e2e/*.test.ts',
];
const LONGEST = [
  'batch/regression',
  'batch/sabotage',
  'grounding/properties',
  'e2e/model',
  'e2e/page',
  'market/row-isolation',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

const SHARED = {
  setupFiles: ['test/helpers/properties-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 60_000,
  teardownTimeout: 30_000,
  env: { NODE_EXTRA_CA_CERTS: '' },
};

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'test-reports/vitest.json' }]],
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...SHARED, name: 'fast', include: ['test/**/*.test.ts'], exclude: SLOW } },
      { test: { ...SHARED, name: 'e2e', include: SLOW } },
    ],
  },
});
