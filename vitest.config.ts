// Nothing is mocked, so nothing is reset. Many tests start programs, which use the second core; Vitest's own choice on a
// machine of two cores would be one worker. Limits of time catch what hangs, they judge no speed: a busy machine is slow.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/helpers/properties-setup.ts'],
    reporters: ['default', ['json', { outputFile: 'test-reports/vitest.json' }]],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    env: { NODE_EXTRA_CA_CERTS: '' },
  },
});
