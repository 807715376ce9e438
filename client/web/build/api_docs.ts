// SPDX-License-Identifier: GPL-3.0-or-later
// dist/api-docs/: swagger-ui for /api/openapi.json, without inline scripts so that the page's policy holds for it too.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { Plugin } from 'vite';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Berth API</title>
    <link rel="icon" href="/berth.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="swagger-ui.css" />
    <script src="swagger-ui-bundle.js" defer></script>
    <script src="start.js" defer></script>
  </head>
  <body>
    <div id="api"></div>
  </body>
</html>
`;

const start = `// SPDX-License-Identifier: GPL-3.0-or-later
SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;

export function api_docs(): Plugin {
  let directory = '';
  return {
    name: 'berth-api-docs',
    apply: 'build',
    configResolved(config) {
      const out = config.build.outDir;
      directory = join(isAbsolute(out) ? out : join(config.root, out), 'api-docs');
    },
    async writeBundle() {
      const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
      await mkdir(directory, { recursive: true });
      for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
        await copyFile(join(source, name), join(directory, name));
      await writeFile(join(directory, 'index.html'), page);
      await writeFile(join(directory, 'start.js'), start);
    },
  };
}
