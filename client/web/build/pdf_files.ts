// SPDX-License-Identifier: GPL-3.0-or-later
// dist/pdf/: what pdf.js reads for documents that bring no fonts of their own: character maps and the fourteen standard fonts.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { output_folder } from './output_folder.ts';

export const pdf_files = () =>
  output_folder('pdf', 'pdfjs-dist', async (source, directory) => {
    for (const part of ['cmaps', 'standard_fonts'])
      await cp(join(source, part), join(directory, part), { recursive: true });
  });
