// A development server without dependencies: it serves public/ and tells open pages to reload when a file there changes.
import { createReadStream, existsSync, watch } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./public", import.meta.url));
const port = Number(process.env.PORT ?? 3000);
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};
const reloadScript = `<script>new EventSource("/_reload").onmessage = () => location.reload();</script>`;

const pages = new Set();
const watched = new Set();
let pending;

// Folders are watched, not files: editors replace a file by another of the same name.
async function watchFolder(path) {
  if (watched.has(path)) return;
  watched.add(path);
  watch(path, () => {
    clearTimeout(pending);
    pending = setTimeout(announce, 50); // one save touches a file several times
  }).on("error", () => watched.delete(path));
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await watchFolder(join(path, entry.name));
}

async function announce() {
  pages.forEach((page) => page.write("data: changed\n\n"));
  watched.forEach((path) => existsSync(path) || watched.delete(path));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await watchFolder(join(entry.parentPath ?? entry.path, entry.name));
}

function subscribe(request, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": watching\n\n");
  pages.add(response);
  request.on("close", () => pages.delete(response));
}

async function serveFile(path, response) {
  const file = normalize(join(folder, decodeURIComponent(path)));
  if (file !== folder && !file.startsWith(folder + sep)) throw Object.assign(new Error("outside"), { code: "ENOENT" });
  const target = (await stat(file)).isDirectory() ? join(file, "index.html") : file;
  const type = types[extname(target)] ?? "application/octet-stream";
  const headers = { "Content-Type": type, "Cache-Control": "no-store" };
  if (extname(target) === ".html") {
    const page = await readFile(target, "utf8");
    response.writeHead(200, headers).end(page.replace("</body>", `${reloadScript}</body>`));
  } else {
    await stat(target);
    createReadStream(target).pipe(response.writeHead(200, headers));
  }
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/_reload") return subscribe(request, response);
  try {
    await serveFile(pathname, response);
  } catch (error) {
    const missing = error.code === "ENOENT" || error instanceof URIError;
    response.writeHead(missing ? 404 : 500, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(missing ? `There is no ${pathname} in public/.\n` : `${error.message}\n`);
  }
});

await watchFolder(folder);
server.listen(port, () => console.log(`Serving public/ on http://localhost:${port}/ – edit a file and watch the page change.`));
