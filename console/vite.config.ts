// How the console is built: hashed files below assets/, and a placeholder where the listener puts each page's nonce.

import { defineConfig } from 'vite';
import type { Rolldown } from 'vite';

/** For `npx vite console`: where the engine runs whose API it shows. */
const engine = `http://${process.env['MORTISE_CONTROL'] ?? '127.0.0.1:8080'}`;

/** The engine answers pages of its own origin only. */
const proxied = { target: engine, changeOrigin: true, headers: { origin: engine } };

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
  server: { proxy: { '/api': proxied, '/health': proxied } },
});

/** Libraries mark files for servers that render React; there is none here, and each mark would be a warning. */
function withoutDirectives(level: Rolldown.LogLevel, log: Rolldown.RolldownLog, tell: Rolldown.LogOrStringHandler): void {
  if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
}
