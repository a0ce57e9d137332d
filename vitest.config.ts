// Tests run as they are on two cores; nothing is mocked, so nothing is reset.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-reports/vitest.json' }]],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    env: { NODE_EXTRA_CA_CERTS: '' },
  },
});
