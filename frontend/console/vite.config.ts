import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Static files under /graphiql; nothing is fetched from anywhere else.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: 'dist', assetsInlineLimit: 0, chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
});
