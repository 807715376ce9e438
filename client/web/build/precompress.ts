// SPDX-License-Identifier: GPL-3.0-or-later
// Writes file.br and file.gz beside every text file of the build, so that the server only chooses.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(?:js|css|html|svg|json|ttf|map|wasm)$/;
// Quality 11 takes twice the time of 10 for the last 2 %.
const smallest = 600; // bytes; below, a header costs more than is won

export function precompress(): Plugin {
  let directory = '';
  return {
    name: 'berth-precompress',
    apply: 'build',
    configResolved(config) {
      const out = config.build.outDir;
      directory = isAbsolute(out) ? out : join(config.root, out);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const names = await readdir(directory, { recursive: true });
        await Promise.all(
          names.filter((name) => compressible.test(name)).map((name) => compress(join(directory, name))),
        );
      },
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < smallest) return;
  const brotli = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotli));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}
