// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { RestClient } from '../connection/rest_client';
import type { Workspace } from '../protocol/messages';
import { json_response, running } from '../testing/fake_runner';
import { FakeServer, Refusal } from '../testing/fake_server';
import { LookedAtWorkspace, Workspaces } from './workspaces';

test('a workspace that could not be stopped is known as such until it is', async () => {
  const reason = 'It was not stopped, because its last changes could not be stored: the disk is full.';
  let now = { ...running };
  const answer = (url: string) =>
    json_response(url.endsWith('/templates') ? { templates: [] } : url.endsWith('/stop') ? now : { workspaces: [now] });
  const workspaces = new Workspaces(new RestClient((input) => Promise.resolve(answer(input as string)), undefined));
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);

  // Told by the answer, or by the list after an answer that came before the end.
  now = { ...now, reason };
  await workspaces.stop(now.id);
  expect([...workspaces.not_stopped]).toEqual([now.id]);
  now = { ...now, state: 'stopping', reason: '' };
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);
  now = { ...now, state: 'running', reason };
  await workspaces.refresh();
  expect([...workspaces.not_stopped]).toEqual([now.id]);

  now = { ...now, state: 'stopped', reason: '' };
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);
});

describe('pages of workspaces', () => {
  /** Serves `all` in pages of two, with tags that change with what they answer. */
  function stage(ids: string[]) {
    let all = ids.map((id): Workspace => ({ ...running, id, name: `Name of ${id}` }));
    const sent: string[] = []; // addresses that got a body
    const server: FakeServer = new FakeServer({
      'GET templates': () => ({ templates: [] }),
      'GET workspaces': (_: never, path: string) => {
        const query = new URL(path, 'http://berth').searchParams;
        const owner = query.get('owner');
        const found = all.filter(
          (one) => one.name.includes(query.get('query') ?? '') && (owner === null || one.owner.id === owner),
        );
        const at = Number(query.get('cursor') ?? 0);
        const next = at + 2 < found.length ? { next: `${at + 2}` } : {};
        const body = JSON.stringify({ workspaces: found.slice(at, at + 2), ...next });
        const tag = `"${body}"`.replaceAll(/[^\w"]/g, '');
        if (server.asked.at(-1)?.headers['If-None-Match'] === tag) return new Response(null, { status: 304 });
        sent.push(path);
        return new Response(body, { headers: { ETag: tag } });
      },
    });
    const workspaces = new Workspaces(server.rest);
    return {
      workspaces,
      server,
      sent,
      shown: () => workspaces.list.map(({ id }) => id),
      change: (change: (now: Workspace[]) => Workspace[]) => {
        all = change(all);
      },
    };
  }

  test('follow one another when they are asked for, until there is no more', async () => {
    const { workspaces, shown } = stage(['a', 'b', 'c', 'd', 'e']);
    await workspaces.refresh();
    expect([shown(), workspaces.more]).toEqual([['a', 'b'], true]);
    await workspaces.load_more();
    expect([shown(), workspaces.more]).toEqual([['a', 'b', 'c', 'd'], true]);
    await workspaces.load_more();
    expect([shown(), workspaces.more]).toEqual([['a', 'b', 'c', 'd', 'e'], false]);
    await workspaces.load_more();
    expect([...workspaces.seen]).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('are all looked at again, and what has not changed is not sent again', async () => {
    const { workspaces, shown, sent, change } = stage(['a', 'b', 'c', 'd', 'e']);
    await workspaces.refresh();
    await workspaces.load_more();
    expect(sent.length).toBe(2); // the first page was not sent twice
    await workspaces.refresh();
    expect(sent.length).toBe(2);
    change((now) => now.map((one) => (one.id === 'd' ? { ...one, state: 'stopped' } : one)));
    await workspaces.refresh();
    expect(sent.length).toBe(3);
    expect(workspaces.list.find(({ id }) => id === 'd')?.state).toBe('stopped');
    expect(shown()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('show one workspace once, though it was used between two answers', async () => {
    const { workspaces, server, shown, change } = stage(['a', 'b', 'c', 'd']);
    await workspaces.refresh();
    const answer = server.answers['GET workspaces'];
    server.answers['GET workspaces'] = (body: never, path: string) => {
      const page = answer?.(body, path);
      change((now) => [...now.slice(-1), ...now.slice(0, -1)]); // the last one is used
      return page;
    };
    await workspaces.load_more();
    expect(new Set(shown()).size).toBe(shown().length);
  });

  test('of another choice begin at the first, and an older question’s answer is dropped', async () => {
    const { workspaces, server, shown, change } = stage(['a', 'b', 'c', 'd']);
    change((now) =>
      now.map((one) => (one.id === 'd' ? { ...one, owner: { id: 't', name: 'T', email: '', team: true } } : one)),
    );
    await workspaces.refresh();
    await workspaces.load_more();
    const slow = workspaces.refresh();
    await workspaces.look_for({ query: '', owner: 't' });
    await slow;
    expect([shown(), workspaces.more, workspaces.asking]).toEqual([['d'], false, false]);
    expect(server.asked.at(-1)?.call).toBe('GET workspaces?owner=t');
    expect(server.asked.at(-1)?.headers['If-None-Match']).toBeUndefined();
    await workspaces.look_for({ query: 'of b', owner: undefined });
    expect(shown()).toEqual(['b']);
  });

  test('a new workspace may be a team’s, and one that could not be deleted is there still', async () => {
    const { workspaces, server } = stage(['a']);
    server.answers['POST workspaces'] = (body: object) => ({ ...running, id: 'n', ...body });
    server.answers['DELETE workspaces/a'] = () => {
      throw new Refusal(503, 'unavailable', 'Busy.');
    };
    await workspaces.refresh();
    await workspaces.create({ name: 'N', template_id: 'python', from_workspace: 'a', team: 't' });
    expect(server.body('POST workspaces')).toEqual({
      name: 'N',
      template_id: 'python',
      from_workspace: 'a',
      team: 't',
    });
    await expect(workspaces.remove('a')).rejects.toThrow('Busy.');
    expect([...workspaces.removed]).toEqual([]);
  });

  test('nothing of it is the next person’s', async () => {
    const { workspaces, shown } = stage(['a', 'b', 'c']);
    await workspaces.look_for({ query: 'Name', owner: 'ada' });
    const late = workspaces.refresh();
    workspaces.forget();
    await late;
    expect([shown(), workspaces.state, workspaces.choice, workspaces.more]).toEqual([
      [],
      'loading',
      { query: '' },
      false,
    ]);
  });
});

test('a workspace that is looked at stays while the server is away, and goes when it is deleted', async () => {
  let answer: () => unknown = () => running;
  const server = new FakeServer({ [`GET workspaces/${running.id}`]: () => answer() });
  const one = new LookedAtWorkspace(running.id, server.rest);
  await one.look();
  expect(one.workspace?.name).toBe(running.name);
  answer = () => {
    throw new Refusal(503, 'unavailable', 'Busy.');
  };
  await one.look();
  expect([one.workspace?.name, one.problem]).toEqual([running.name, '']);
  answer = () => {
    throw new Refusal(404, 'not_found', 'There is no such workspace.');
  };
  await one.look();
  expect([one.workspace, one.problem]).toEqual([undefined, 'There is no such workspace.']);
});
