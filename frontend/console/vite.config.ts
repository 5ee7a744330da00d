import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Refuse a build in which an optional package is missing: the bundler puts a failure in its place that shows only when somebody needs it. */
function whole(): Plugin {
  return {
    name: 'whole',
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        const missing = part.type === 'chunk' && /Could not resolve \\?"[^"]+"[^`]{0,80}Is it installed\?/.exec(part.code);
        if (missing) this.error(missing[0]);
      }
    },
  };
}

// Static files under /graphiql; nothing is fetched from anywhere else.
export default defineConfig({
  base: './',
  plugins: [react(), whole()],
  build: { outDir: 'dist', assetsInlineLimit: 0, chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
});
