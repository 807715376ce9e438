// SPDX-License-Identifier: GPL-3.0-or-later
// The old design, as such servers are commonly written: socket.io for the wire, node-pty for the terminals, whole files for
// saving, whole folders for listing. Prints "listening on PORT". Serves the bench on loopback and nothing else.
'use strict';

const { createServer } = require('node:http');
const { promises: files } = require('node:fs');
const path = require('node:path');
const { Server } = require('socket.io');
const { spawn } = require('node-pty');

const [command, ...args] = process.argv.slice(2);
const root = process.cwd();
const http = createServer();
const io = new Server(http, { maxHttpBufferSize: 128 * 1024 * 1024, transports: ['websocket'] });

function inside(name) {
  const full = path.resolve(root, name);
  if (full !== root && !full.startsWith(root + path.sep)) throw new Error('outside of the project');
  return full;
}

async function save(name, text) {
  await files.writeFile(inside(name), text);
  return { saved: Date.now() };
}

async function list(name) {
  const folder = inside(name);
  const entries = await files.readdir(folder, { withFileTypes: true });
  return Promise.all(
    entries.map(async (entry) => {
      const stat = await files.lstat(path.join(folder, entry.name));
      return {
        name: entry.name,
        type: entry.isDirectory() ? 'directory' : 'file',
        size: stat.size,
        modified: stat.mtimeMs,
      };
    }),
  );
}

function answer(work) {
  return async (...parameters) => {
    const reply = parameters.pop();
    try {
      reply({ result: await work(...parameters) });
    } catch (error) {
      reply({ error: error.message });
    }
  };
}

io.on('connection', (socket) => {
  let terminal;
  socket.on('terminal:start', ({ columns, rows }) => {
    terminal = spawn(command, args, { name: 'xterm-256color', cols: columns, rows, cwd: root, env: process.env });
    terminal.onData((data) => socket.emit('terminal:output', data));
  });
  socket.on('terminal:input', (data) => terminal?.write(data));
  socket.on('file:save', answer(save));
  socket.on('file:list', answer(list));
  socket.on('disconnect', () => terminal?.kill());
});

http.listen(0, '127.0.0.1', () => console.log(`listening on ${http.address().port}`));
