import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev:console` shows the sources as they change, before a server that runs at its usual place. */
const SERVER = process.env.PARLEY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  resolve: { alias: { '@parley/client': fileURLToPath(new URL('../sdk/src/index.ts', import.meta.url)) } },
  // The server puts another in each answer: src/http/console/register-console.ts.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // A file that is written into another one is one that the page's policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The kit and React, which every page needs, in one piece: 160 kB as it is sent.
    chunkSizeWarningLimit: 600,
  },
  server: { host: '127.0.0.1', proxy: { '/v1': SERVER, '/provisioning': SERVER, '/client': SERVER } },
});
