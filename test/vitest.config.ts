import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // The engine is a singleton with a large arena: one process for each file, few at a time.
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 2,
    // Tests run the real build as Node loads it.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
  },
});
