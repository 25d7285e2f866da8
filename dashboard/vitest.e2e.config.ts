import { defineConfig } from 'vitest/config';

/** Drives Debian's Chromium against the built executable; see e2e/gateway.ts. */
export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], setupFiles: ['e2e/setup.ts'], fileParallelism: false, testTimeout: 180_000, hookTimeout: 90_000 },
});
