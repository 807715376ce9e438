// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import type { Role, Team } from '../protocol/messages';
import { FakeServer, Refusal } from '../testing/fake_server';
import { part_of, TeamDetails } from './team_details';
import { Teams } from './teams';

const team = (id: string, name = id, role: Role = 'editor', more: Partial<Team> = {}): Team => ({
  id,
  name,
  role,
  created: 0,
  members: 2,
  disabled: false,
  ...more,
});
const person = (account: string, role: string) => ({ account, name: account, email: `${account}@b`, role, since: 0 });
const template = (workspace: string, name: string) => ({
  workspace,
  name,
  description: '',
  template_id: 'python',
  changed: 0,
});
const refuse = () => {
  throw new Refusal(409, 'conflict', 'A team keeps an owner.');
};

describe('Teams', () => {
  test('are by name; who may only look makes no workspace in one, and nobody in a disabled one', async () => {
    const all = [
      team('1', 'Zebras'),
      team('2', 'Ants', 'viewer'),
      team('3', 'Bees', 'owner', { disabled: true }),
      team('4', 'Cats', 'owner'),
    ];
    const server = new FakeServer({ 'GET teams': () => ({ teams: all, may_make: 1 }) });
    const teams = new Teams(server.rest);
    await teams.load();
    expect(teams.items?.map(({ name }) => name)).toEqual(['Ants', 'Bees', 'Cats', 'Zebras']);
    expect(teams.to_work_in().map(({ name }) => name)).toEqual(['Cats', 'Zebras']);
  });

  test('one that is made or joined is there, once; the last that may be made is the last', async () => {
    const server = new FakeServer({
      'GET teams': () => ({ teams: [team('b')], may_make: 1 }),
      'POST teams': ({ name }: { name: string }) => team('a', name, 'owner'),
      'POST teams/join': () => team('b', 'b', 'owner'),
    });
    const teams = new Teams(server.rest);
    await teams.load();
    await teams.create('Apes');
    expect(teams.may_make).toBe(0);
    await teams.join('t.s');
    expect(server.body('POST teams/join')).toEqual({ token: 't.s' });
    expect(teams.items?.map(({ id, role }) => `${id} ${role}`)).toEqual(['a owner', 'b owner']);
    teams.drop('a');
    expect(teams.find('a')).toBeUndefined();
  });

  test('what teams offer is there even where one of them can’t be asked; a disabled one offers nothing', async () => {
    const server = new FakeServer({
      'GET teams': () => ({ teams: [team('a'), team('b'), team('c', 'c', 'owner', { disabled: true })], may_make: 0 }),
      'GET teams/a/templates': () => ({ templates: [template('w', 'Base')] }),
      'GET teams/b/templates': () => {
        throw new Refusal(503, 'unavailable', 'Busy.');
      },
    });
    const teams = new Teams(server.rest);
    await teams.load_templates();
    expect([...teams.templates].map(([id, list]) => [id, list.map(({ name }) => name)])).toEqual([
      ['a', ['Base']],
      ['b', []],
      ['c', []],
    ]);
    expect(server.calls()).not.toContain('GET teams/c/templates');
  });

  test('an answer that comes after signing out is nobody’s', async () => {
    const server = new FakeServer({ 'GET teams': () => ({ teams: [team('a')], may_make: 3 }) });
    const teams = new Teams(server.rest);
    const asked = teams.load();
    teams.forget();
    await asked;
    expect([teams.items, teams.may_make]).toEqual([undefined, 0]);
  });
});

describe('TeamDetails', () => {
  const use = {
    workspaces: 1,
    running: 0,
    stored_bytes: 5,
    most_workspaces: 50,
    most_running: 10,
    most_stored_bytes: 0,
  };
  async function stage(answers: ConstructorParameters<typeof FakeServer>[0] = {}) {
    const server = new FakeServer({
      'GET teams/t': () => ({ team: team('t', 'Crew', 'owner'), use }),
      'GET teams/t/members': () => ({
        members: [person('zoe', 'viewer'), person('ada', 'owner'), person('bob', 'editor')],
        invitations: [],
      }),
      'GET teams/t/templates': () => ({ templates: [] }),
      ...answers,
    });
    const details = new TeamDetails('t', server.rest);
    await details.load();
    return { server, details };
  }

  test('owners are first; the only one is the last one', async () => {
    const { details } = await stage();
    expect(details.members.map(({ account }) => account)).toEqual(['ada', 'bob', 'zoe']);
    expect([details.is_last_owner('ada'), details.is_last_owner('bob')]).toEqual([true, false]);
    expect([details.owns(), details.may_edit(), details.use?.most_running]).toEqual([true, true, 10]);
  });

  test('who has an account is in at once, who has none is invited; twice is once, and members are counted', async () => {
    const invitation = { id: 'i', email: 'x@y', role: 'viewer', created: 1, expires: 2 };
    const { server, details } = await stage({
      'POST teams/t/members': ({ email }: { email: string }) =>
        email === 'x@y' ? { invitation } : { member: person('cleo', 'owner') },
      'DELETE teams/t/invitations/i': () => undefined,
      'DELETE teams/t/members/bob': () => undefined,
    });
    expect(await details.add('cleo@b', 'owner')).toBe('member');
    await details.add('cleo@b', 'owner');
    expect(details.members.map(({ account }) => account)).toEqual(['ada', 'cleo', 'bob', 'zoe']);
    expect(details.team?.members).toBe(4);
    expect(details.is_last_owner('ada')).toBe(false);
    expect(await details.add('x@y', 'viewer')).toBe('invitation');
    await details.add('x@y', 'viewer');
    expect(server.body('POST teams/t/members')).toEqual({ email: 'x@y', role: 'viewer' });
    expect(details.invitations).toEqual([invitation]);
    await details.withdraw('i');
    await details.remove('bob');
    expect([details.invitations, details.team?.members]).toEqual([[], 3]);
  });

  test('what is refused changes nothing, and views hear of it', async () => {
    const { details } = await stage({
      'PATCH teams/t/members/*': refuse,
      'DELETE teams/t/members/*': refuse,
      'DELETE teams/t': refuse,
    });
    const before = details.revision();
    await expect(details.set_role('ada', 'viewer', true)).rejects.toThrow('keeps an owner');
    expect(details.revision()).toBeGreaterThan(before); // the choice in the page goes back
    await expect(details.remove('ada')).rejects.toThrow();
    await expect(details.end()).rejects.toThrow();
    expect(details.members.find(({ account }) => account === 'ada')?.role).toBe('owner');
  });

  test('one’s own new role is seen at once', async () => {
    let role: Role = 'owner';
    const { details } = await stage({
      'GET teams/t': () => ({ team: team('t', 'Crew', role), use }),
      'PATCH teams/t/members/ada': (body: { role: Role }) => {
        role = body.role;
        return person('ada', role);
      },
    });
    await details.set_role('ada', 'viewer', true);
    expect([details.owns(), details.may_edit()]).toEqual([false, false]);
  });

  test('a workspace is offered as a version with a name, offered otherwise, and no longer', async () => {
    const versions = [
      { id: 'v3', name: '' },
      { id: 'v2', name: 'Good' },
    ];
    const { server, details } = await stage({
      'GET workspaces/w/versions': (_: never, path: string) =>
        path.includes('cursor=c') ? { versions: [{ id: 'v1', name: 'First' }] } : { versions, cursor: 'c' },
      'PUT teams/t/templates/w': (body: object) => ({ ...template('w', ''), ...body }),
      'DELETE teams/t/templates/w': () => undefined,
    });
    const known = await details.template_of('w');
    expect([known.offered, known.versions.map(({ id }) => id)]).toEqual([undefined, ['v2', 'v1']]);
    await details.put_template('w', { name: 'Base', description: '', version: 'v2' });
    expect(server.body('PUT teams/t/templates/w')).toEqual({ name: 'Base', description: '', version: 'v2' });
    await details.put_template('w', { name: 'Other', description: 'x' });
    expect(details.templates.map(({ name }) => name)).toEqual(['Other']);
    await details.remove_template('w');
    expect(details.templates).toEqual([]);
  });

  test('a team that is gone is missing; a server that is away leaves what was there', async () => {
    let code = '';
    const { details } = await stage({
      'GET teams/t': () => {
        if (code) throw new Refusal(code === 'not_found' ? 404 : 503, code, 'There is no such team.');
        return { team: team('t', 'Crew', 'viewer'), use };
      },
    });
    code = 'unavailable';
    await details.look_at_use();
    expect([details.state, details.team?.name]).toEqual(['ready', 'Crew']);
    await details.load();
    expect([details.state, details.problem]).toEqual(['ready', 'There is no such team.']);
    code = 'not_found';
    await details.look_at_use();
    expect(details.state).toBe('missing');
  });

  test('a limit of none is no part of anything', () => {
    expect([part_of(5, 0), part_of(5, 10), part_of(50, 10)]).toEqual([undefined, 0.5, 1]);
  });
});
