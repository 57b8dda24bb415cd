import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // These run the built program, as users do.
          globalSetup: ['test/global-setup.ts'],
          // Real processes, on machines that may have better things to do.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
