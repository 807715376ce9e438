// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { running } from '../testing/fake_runner';
import { FakeServer, Refusal } from '../testing/fake_server';
import { PortAccess } from './port_access';
import { may_start, role_of } from './roles';
import { Sharing } from './sharing';
import { Workspaces } from './workspaces';

const person = (account: string, role: string) => ({ account, name: account, email: `${account}@b`, role, since: 0 });
const lists = () => ({
  members: [person('zoe', 'viewer'), person('ada', 'owner'), person('bob', 'editor')],
  invitations: [],
  links: [],
});
const at = `workspaces/${running.id}`;
const refuse = () => {
  throw new Refusal(409, 'conflict', 'Not now.');
};

async function stage(answers: ConstructorParameters<typeof FakeServer>[0] = {}) {
  const server = new FakeServer({ [`GET ${at}/members`]: lists, ...answers });
  const sharing = new Sharing(running, server.rest);
  await sharing.load();
  return { server, sharing };
}

describe('Sharing', () => {
  test('the owner is first, then editors, then viewers', async () => {
    const { sharing } = await stage();
    expect(sharing.members.map(({ account }) => account)).toEqual(['ada', 'bob', 'zoe']);
    expect(sharing.state).toBe('ready');
  });

  test('who has an account is in at once, who has none is invited; twice is once', async () => {
    const invitation = { id: 'i', email: 'x@y', role: 'viewer', created: 1, expires: 2 };
    const { server, sharing } = await stage({
      [`POST ${at}/members`]: ({ email }: { email: string }) =>
        email === 'x@y' ? { invitation } : { member: person('cleo', 'editor') },
    });
    expect(await sharing.add('cleo@b', 'editor')).toBe('member');
    await sharing.add('cleo@b', 'editor');
    expect(await sharing.add('x@y', 'viewer')).toBe('invitation');
    await sharing.add('x@y', 'viewer');
    expect(server.body(`POST ${at}/members`)).toEqual({ email: 'x@y', role: 'viewer' });
    expect(sharing.members.filter(({ account }) => account === 'cleo').length).toBe(1);
    expect(sharing.invitations).toEqual([invitation]);
    expect(sharing.is_shared()).toBe(true);
  });

  test('what is refused changes nothing, and views hear of it', async () => {
    const { sharing } = await stage({
      [`PATCH ${at}/members/*`]: refuse,
      [`DELETE ${at}/members/*`]: refuse,
      [`PUT ${at}/public`]: refuse,
    });
    const before = sharing.revision();
    await expect(sharing.set_role('bob', 'viewer')).rejects.toThrow('Not now.');
    expect(sharing.revision()).toBeGreaterThan(before); // the choice in the page goes back
    await expect(sharing.remove('bob')).rejects.toThrow();
    await expect(sharing.set_public(true)).rejects.toThrow();
    expect(sharing.members.find(({ account }) => account === 'bob')?.role).toBe('editor');
    expect(sharing.public_link).toBe(false);
  });

  test('roles change and people go', async () => {
    const { sharing } = await stage({
      [`PATCH ${at}/members/zoe`]: () => person('zoe', 'editor'),
      [`DELETE ${at}/members/bob`]: () => undefined,
    });
    await sharing.set_role('zoe', 'editor');
    await sharing.remove('bob');
    expect(sharing.members.map(({ account, role }) => `${account} ${role}`)).toEqual(['ada owner', 'zoe editor']);
  });

  test('a link’s address is told once, and gone with the link', async () => {
    const link = { id: 'l', role: 'viewer', created: 0, uses: 0 };
    const { server, sharing } = await stage({
      [`POST ${at}/links`]: () => ({ link, url: 'http://b/join?token=t' }),
      [`DELETE ${at}/links/l`]: () => undefined,
    });
    await sharing.make_link('viewer', undefined);
    expect(server.body(`POST ${at}/links`)).toEqual({ role: 'viewer' });
    await sharing.make_link('viewer', 77);
    expect(server.body(`POST ${at}/links`)).toEqual({ role: 'viewer', expires: 77 });
    expect(sharing.made?.url).toBe('http://b/join?token=t');
    await sharing.remove_link('l');
    expect([sharing.made, sharing.links]).toEqual([undefined, []]);
  });

  test('the public page’s address is known while it is on', async () => {
    const { sharing } = await stage({
      [`PUT ${at}/public`]: ({ enabled }: { enabled: boolean }) => (enabled ? { url: 'http://b/public/t' } : {}),
    });
    await sharing.set_public(true);
    expect([sharing.public_link, sharing.public_url]).toEqual([true, 'http://b/public/t']);
    await sharing.set_public(false);
    expect([sharing.public_link, sharing.public_url]).toEqual([false, undefined]);
  });

  test('who may not see the list is told why', async () => {
    const server = new FakeServer({
      [`GET ${at}/members`]: () => {
        throw new Refusal(404, 'not_found', 'There is no such workspace.');
      },
    });
    const sharing = new Sharing(running, server.rest);
    await sharing.load();
    expect([sharing.state, sharing.problem]).toEqual(['failed', 'There is no such workspace.']);
  });
});

test('leaving takes a workspace from the list, unless it is refused', async () => {
  const server = new FakeServer({
    'GET templates': () => ({ templates: [] }),
    'GET workspaces': () => ({ workspaces: [running] }),
    [`DELETE ${at}/members/me`]: refuse,
  });
  const workspaces = new Workspaces(server.rest);
  await workspaces.refresh();
  await expect(workspaces.leave(running.id, 'me')).rejects.toThrow('Not now.');
  expect(workspaces.list.length).toBe(1);
  server.answers[`DELETE ${at}/members/me`] = () => undefined;
  await workspaces.leave(running.id, 'me');
  expect(workspaces.list).toEqual([]);
});

describe('PortAccess', () => {
  test('ports are private until the server says otherwise, also after a refusal', async () => {
    let ports: Record<string, string> = { 3000: 'public' };
    const server = new FakeServer({
      'GET workspaces/w/ports': () => ({ ports }),
      'PATCH workspaces/w/ports': (body: { ports: Record<string, string> }) => {
        if (body.ports['1'] !== undefined) throw new Refusal(403, 'permission_denied', 'Only the owner.');
        ports = { ...ports, ...body.ports };
        return { ports };
      },
      'POST workspaces/w/ports/3000/links': () => ({ url: 'http://link' }),
    });
    const access = new PortAccess('w', server.rest, () => 1000);
    expect([access.known, access.of(3000)]).toEqual([false, 'private']);
    await access.load();
    expect([access.of(3000), access.of(8080)]).toEqual(['public', 'private']);
    await access.set(8080, 'people');
    expect(access.of(8080)).toBe('people');
    await expect(access.set(1, 'public')).rejects.toThrow('Only the owner.');
    expect(access.of(1)).toBe('private');
    expect(await access.make_link(3000, 8)).toBe('http://link');
    expect(server.body('POST workspaces/w/ports/3000/links')).toEqual({ expires: 1000 + 8 * 3600_000 });
  });
});

test('the connection’s role counts before what the server told, and nothing is the least', () => {
  expect(role_of({ role: 'owner' }, {})).toBe('owner');
  expect(role_of({ role: 'owner' }, { hello: { role: 'viewer' } as never })).toBe('viewer');
  expect(role_of(undefined)).toBe('viewer');
  expect([may_start('viewer'), may_start('editor')]).toEqual([false, true]);
});
