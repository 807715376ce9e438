// SPDX-License-Identifier: GPL-3.0-or-later
// dist/api-docs/: swagger-ui for /api/openapi.json, without inline scripts so that the page's policy holds for it too.
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output_folder } from './output_folder.ts';

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

export const api_docs = () =>
  output_folder('api-docs', 'swagger-ui-dist', async (source, directory) => {
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
      await copyFile(join(source, name), join(directory, name));
    await writeFile(join(directory, 'index.html'), page);
    await writeFile(join(directory, 'start.js'), start);
  });
