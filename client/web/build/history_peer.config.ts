// SPDX-License-Identifier: GPL-3.0-or-later
// The test program src/testing/history_peer.ts as one file that node runs.
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/testing/history_peer.ts',
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: '[name].mjs' } },
  },
});
