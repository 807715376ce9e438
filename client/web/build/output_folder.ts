// SPDX-License-Identifier: GPL-3.0-or-later
// Plug-ins that lay files of a package beside what Vite builds.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { Plugin } from 'vite';

/** dist/<folder>/: `fill` is given the folder of the package and that one, once the build is written. */
export function output_folder(
  folder: string,
  packaged: string,
  fill: (source: string, directory: string) => Promise<void>,
): Plugin {
  let directory = '';
  return {
    name: `berth-${folder}`,
    apply: 'build',
    configResolved(config) {
      const out = config.build.outDir;
      directory = join(isAbsolute(out) ? out : join(config.root, out), folder);
    },
    async writeBundle() {
      await mkdir(directory, { recursive: true });
      await fill(dirname(createRequire(import.meta.url).resolve(`${packaged}/package.json`)), directory);
    },
  };
}
