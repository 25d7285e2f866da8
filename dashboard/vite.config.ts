import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The gateway that `npm run dev` asks. */
const gateway = process.env.HEADGATE_DEV_GATEWAY ?? 'http://127.0.0.1:9180';

/** Libraries that only some pages load. */
const loadedLater = /\/node_modules\/(yaml|uplot)\//;

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: {
    outDir: process.env.HEADGATE_DASHBOARD_OUT ?? '../artifacts/bin/Headgate/release/dashboard',
    emptyOutDir: true,
    // The content security policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        // What seldom changes stays in the browser's cache over a new version of the pages.
        manualChunks: (id) => (id.includes('/node_modules/') && !loadedLater.test(id) ? 'libraries' : undefined),
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': gateway } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/testing/setup.ts'], testTimeout: 60_000 },
});
