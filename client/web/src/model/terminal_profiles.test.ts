// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Preferences } from './preferences';
import {
  all_profiles,
  fits,
  open_params,
  parse_variables,
  profile,
  profile_colours,
  profile_icons,
  profile_of,
  profiles_of,
  stored_profiles,
  stored_usual,
  usual_profile,
} from './terminal_profiles';

const server = profile({ name: 'Server', command: 'npm run dev', folder: 'project', environment: { PORT: '3000' } });

test('profiles are what they were after a way through their JSON', () => {
  const told = JSON.stringify(stored_profiles([server, profile({ name: 'Plain' })]));
  expect(JSON.parse(told)).toEqual([
    { name: 'Server', command: 'npm run dev', folder: 'project', environment: { PORT: '3000' } },
    { name: 'Plain' },
  ]);
  expect(profiles_of(JSON.parse(told))).toEqual([server, profile({ name: 'Plain' })]);
});

test('what is no profile is left out, and the rest kept within bounds', () => {
  for (const value of [undefined, null, 3, 'x', {}, [null, 3, 'x', [], {}, { name: 7 }, { name: '  ' }]])
    expect(profiles_of(value)).toEqual([]);
  const odd = profiles_of([
    { name: 'a'.repeat(99), command: 'x\0y', folder: '~/../etc', icon: 'toString', colour: 'beige' },
    { name: ' two   words ', environment: { 'A=B': '1', '': '2', OK: '3', N: 4 } },
    { name: 'two words', environment: [] },
    ...Array.from({ length: 99 }, (_, index) => ({ name: String(index) })),
  ]);
  expect(odd).toHaveLength(50);
  expect(odd[0]).toEqual(profile({ name: 'a'.repeat(60), command: 'xy', folder: '../etc' }));
  expect(odd[1]).toEqual(profile({ name: 'two words', environment: { OK: '3' } }));
  expect(odd[2]?.name).toBe('two words 2');
});

test('shells are offered where the workspace has them, and an own one takes the place of its namesake', () => {
  const own = [profile({ name: 'zsh', command: 'zsh -f' })];
  expect(all_profiles(own, ['bash', 'zsh', 'vim']).map(({ name, command }) => [name, command])).toEqual([
    ['zsh', 'zsh -f'],
    ['Login shell', ''],
    ['bash', 'bash'],
  ]);
  expect(usual_profile(own, [], 'bash').name).toBe('Login shell');
  expect(usual_profile(own, ['bash'], 'bash').command).toBe('bash');
});

test('a terminal is begun as its profile says, and known by it again', () => {
  expect(open_params(server, true)).toEqual({
    command: 'npm run dev',
    cwd: 'project',
    cwd_if_there: true,
    environment: { PORT: '3000' },
    title: 'Server',
  });
  expect(open_params(profile({ name: 'bash', command: 'bash' }), false)).toEqual({ command: 'bash' });
  const info = { command: 'npm run dev', title: 'else' } as Parameters<typeof profile_of>[0];
  expect(profile_of(info, [server], [])?.name).toBe('Server');
  expect(profile_of({ ...info, command: '' }, [server], [])).toBeUndefined();
});

test('the usual one is remembered by its name, also an own one that has the login shell’s', () => {
  expect(stored_usual('Login shell', [], [])).toBe('');
  expect(stored_usual('Login shell', [profile({ name: 'Login shell', command: 'zsh' })], [])).toBe('Login shell');
  expect(stored_usual(' two   words ', [profile({ name: 'two words' })], [])).toBe('two words');
  expect(stored_usual('bash', [], ['bash'])).toBe('bash');
  expect(stored_usual('bash', [], [])).toBe('');
});

test('together they are no longer than the server keeps, counted in bytes', () => {
  const long = (text: string, count: number) =>
    Array.from({ length: count }, (_, index) => profile({ name: String(index), command: text.repeat(4000) }));
  expect(fits(long('x', 14))).toBe(true);
  expect(fits(long('ö', 14))).toBe(false);
  expect(fits(long('x', 15))).toBe(false);
});

test('variables are typed one a line', () => {
  expect(parse_variables(' A=1\n\nB_2 = two words=3\n=x\n9Z=1\nnone')).toEqual({
    variables: { A: '1', B_2: 'two words=3' },
    wrong: ['=x', '9Z=1', 'none'],
  });
});

test('they roam as fields of the person’s taste', () => {
  const preferences = new Preferences();
  const chosen: string[] = [];
  preferences.on_choice = (name) => chosen.push(name);
  preferences.set_profiles([server]);
  preferences.set_default_profile('Server');
  expect(chosen).toEqual(['terminal.profiles', 'terminal.default_profile']);
  expect(preferences.value_of('terminal.profiles')).toEqual(stored_profiles([server]));
  preferences.take('terminal.profiles', [{ name: 'Other' }]);
  preferences.take('terminal.default_profile', 'Other');
  expect(preferences.profiles).toEqual([profile({ name: 'Other' })]);
  expect(preferences.default_profile).toBe('Other');
  preferences.take('terminal.profiles', 'nonsense');
  preferences.take('terminal.default_profile', 7);
  expect(preferences.profiles).toEqual([profile({ name: 'Other' })]);
  expect(preferences.default_profile).toBe('Other');
});

test('icons and colours have the desktop’s names', () => {
  const desktop = readFileSync(new URL('../../../desktop/terminal_profiles.cpp', import.meta.url), 'utf8');
  for (const name of [...Object.keys(profile_icons), ...Object.keys(profile_colours)])
    expect(desktop).toContain(`QStringLiteral("${name}")`);
});
