// How the console is built: hashed files below assets/, and a placeholder where the listener puts each page's nonce.

import { defineConfig } from 'vite';
import type { Rolldown } from 'vite';

/** `mortise dev` beside `npx vite console`: the API of a running engine. */
const engine = process.env['MORTISE_CONTROL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  html: { cspNonce: '__CSP_NONCE__' },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { onLog: withoutDirectives },
  },
  server: { proxy: { '/api': { target: engine, changeOrigin: true }, '/health': { target: engine, changeOrigin: true } } },
});

/** Libraries mark files for servers that render React; there is none here, and each mark would be a warning. */
function withoutDirectives(level: Rolldown.LogLevel, log: Rolldown.RolldownLog, tell: Rolldown.LogOrStringHandler): void {
  if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
}
