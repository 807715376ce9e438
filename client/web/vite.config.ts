// SPDX-License-Identifier: GPL-3.0-or-later
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { api_docs } from './build/api_docs.ts';
import { pdf_files } from './build/pdf_files.ts';
import { precompress } from './build/precompress.ts';

// BERTH_SERVER: a running berthd for `npm run dev`; its API is proxied so that cookies and WebSockets share the origin.
const server = process.env['BERTH_SERVER'] ?? 'http://localhost:7070';

export default defineConfig({
  plugins: [react(), api_docs(), pdf_files(), precompress()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // fonts and pictures stay files: the page's policy knows no data: for them
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: server, changeOrigin: false, ws: true } } },
});
