// Nothing is mocked, so nothing is reset. Three workers keep two cores busy, because many tests wait for programs, limits and
// deadlines; Vitest's own choice there is one. Limits of time catch what hangs, they judge no speed: a busy machine is slow.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/helpers/properties-setup.ts'],
    reporters: ['default', ['json', { outputFile: 'test-reports/vitest.json' }]],
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    env: { NODE_EXTRA_CA_CERTS: '' },
  },
});
