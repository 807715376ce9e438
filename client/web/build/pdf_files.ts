// SPDX-License-Identifier: GPL-3.0-or-later
// dist/pdf/: what pdf.js reads for documents that bring no fonts of their own: character maps and the fourteen standard fonts.
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { Plugin } from 'vite';

export function pdf_files(): Plugin {
  let directory = '';
  return {
    name: 'berth-pdf-files',
    apply: 'build',
    configResolved(config) {
      const out = config.build.outDir;
      directory = join(isAbsolute(out) ? out : join(config.root, out), 'pdf');
    },
    async writeBundle() {
      const source = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
      for (const part of ['cmaps', 'standard_fonts'])
        await cp(join(source, part), join(directory, part), { recursive: true });
    },
  };
}
