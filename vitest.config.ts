// Nothing is mocked, so nothing is reset. Three workers keep two cores busy, because many tests wait for programs, limits and
// deadlines; Vitest's own choice there is one. Limits of time catch what hangs, they judge no speed: a busy machine is slow.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait or work for seconds: begun last, one of them would run alone at the end. */
const SLOW = [
  'e2e/model',
  'e2e/faults',
  'http/limiter',
  'batch/regression',
  'market/morning',
  'e2e/terminal',
  'market/storm',
  'market/processes',
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = SLOW.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? SLOW.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/helpers/properties-setup.ts'],
    reporters: ['default', ['json', { outputFile: 'test-reports/vitest.json' }]],
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    env: { NODE_EXTRA_CA_CERTS: '' },
  },
});
