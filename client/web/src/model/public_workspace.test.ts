// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { running } from '../testing/fake_runner';
import { FakeServer, Refusal } from '../testing/fake_server';
import { PublicWorkspace, text_of } from './public_workspace';

const shown = { name: 'Boat', template_id: 'python', owner_name: 'Ada', run_command: '', open_file: 'project/main.py' };
const entry = (name: string) => ({ name, type: 'file', size: 1, modified: 0, mode: 0 });

function stage(answers: ConstructorParameters<typeof FakeServer>[0] = {}) {
  const server = new FakeServer({
    'GET public/t': () => shown,
    'GET public/t/files': () => ({ entries: [entry('main.py')], total: 1 }),
    'GET public/t/file': () => new Blob(['print(1)']),
    ...answers,
  });
  return { server, workspace: new PublicWorkspace('t', server.rest) };
}

describe('PublicWorkspace', () => {
  test('the page shows the project and its first file, without a sign-in', async () => {
    const { workspace } = stage();
    await workspace.load();
    expect([workspace.state, workspace.entries?.length]).toEqual(['ready', 1]);
    expect(workspace.file).toMatchObject({ path: 'project/main.py', state: 'text', text: 'print(1)' });
  });

  test('a page that is over says so; one that can’t be asked for can be tried again', async () => {
    const { server, workspace } = stage({
      'GET public/t': () => {
        throw new Refusal(404, 'not_found');
      },
    });
    await workspace.load();
    expect(workspace.state).toBe('missing');
    server.answers['GET public/t'] = () => {
      throw new Refusal(503, 'unavailable', 'Too many look at it right now.');
    };
    await workspace.load();
    expect([workspace.state, workspace.problem]).toEqual(['failed', 'Too many look at it right now.']);
    server.answers['GET public/t'] = () => shown;
    await workspace.load();
    expect(workspace.state).toBe('ready');
  });

  test('a first file that is not there is no fault, another one is', async () => {
    const { workspace } = stage({
      'GET public/t/file': () => {
        throw new Refusal(404, 'not_found', 'There is no such file.');
      },
    });
    await workspace.load();
    expect([workspace.state, workspace.file]).toEqual(['ready', undefined]);
    await workspace.open_file('project/x');
    expect(workspace.file).toMatchObject({ state: 'failed', problem: 'There is no such file.' });
  });

  test('what is not text or too long is not shown as text', async () => {
    const { server, workspace } = stage({ 'GET public/t/file': () => new Blob([new Uint8Array([0, 1, 2])]) });
    await workspace.open_file('project/a.bin');
    expect(workspace.file?.state).toBe('not_text');
    server.answers['GET public/t/file'] = () => new Blob([new Uint8Array((1 << 20) + 1)]);
    await workspace.open_file('project/long');
    expect(workspace.file?.state).toBe('too_long');
    expect([text_of(new Uint8Array([0xff])), text_of(new Uint8Array())]).toEqual([undefined, '']);
  });

  test('a copy is made from the page', async () => {
    const { server, workspace } = stage({ 'POST workspaces': () => running });
    await workspace.load();
    expect((await workspace.copy()).id).toBe(running.id);
    expect(server.body('POST workspaces')).toEqual({ name: 'Boat', template_id: 'python', from_public: 't' });
  });
});
