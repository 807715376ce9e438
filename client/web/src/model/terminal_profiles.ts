// SPDX-License-Identifier: GPL-3.0-or-later
// What a new terminal begins with: a name for a command, variables, a folder, and how its tab looks. Those that every
// workspace may have stand here; the person's own roam (terminal.profiles), as client/desktop/terminal_profiles has them.
import type { TerminalInfo, TerminalOpenParams } from '../protocol/messages';
import { message, t, type Message } from './translation';

export interface TerminalProfile {
  name: string;
  /** Run by the login shell; "" is that itself. */
  command: string;
  /** Below home; "" where the terminal beside it is. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  /** One of profile_icons' names, or "". */
  icon: string;
  /** One of profile_colours' names, or "". */
  colour: string;
}

/** What a terminal is asked for with. */
export interface TerminalStart extends Partial<TerminalOpenParams> {
  /** Where `cwd` is gone, it begins elsewhere: a profile is for all workspaces, and its folder is not in each. */
  cwd_if_there?: boolean;
}

export const most_profiles = 50;
const most_bytes = 60_000; // of all together, as they are stored: the server keeps 64 KiB
const longest_name = 60;
const longest_command = 4000;
const longest_folder = 1000;
const most_variables = 100;
const longest_variable = 4000;

/** By the names that roam, which are the desktop's; what the web draws for them, and words. */
export const profile_icons = {
  'dialog-scripts': ['terminal', message('Shell')],
  'code-context': ['commands', message('Code')],
  'code-function': ['commands', message('Function')],
  'media-playback-start': ['play', message('Run')],
  'network-server': ['system', message('Server')],
  'network-connect': ['port', message('Network')],
  'document-edit': ['pencil', message('Document')],
  'internet-services': ['globe', message('Internet')],
  'view-split-left-right': ['split', message('Panes')],
} as const satisfies Record<string, readonly [string, Message]>;
export type ProfileIcon = (typeof profile_icons)[keyof typeof profile_icons][0];

/** The colour of the tab, by the number that styles/presence.css has. */
export const profile_colours = {
  red: [6, message('Red')],
  green: [2, message('Green')],
  yellow: [3, message('Orange')],
  blue: [0, message('Blue')],
  magenta: [1, message('Pink')],
  cyan: [5, message('Teal')],
} as const satisfies Record<string, readonly [number, Message]>;

/** Programs that talk; shells by their names alone, so that the runner adds to them what tells of prompts. */
const known_programs: readonly (readonly [program: string, name: string, command: string, icon: string])[] = [
  ['bash', 'bash', 'bash', 'dialog-scripts'],
  ['zsh', 'zsh', 'zsh', 'dialog-scripts'],
  ['fish', 'fish', 'fish', 'dialog-scripts'],
  ['nu', 'Nushell', 'nu', 'dialog-scripts'],
  ['pwsh', 'PowerShell', 'pwsh', 'dialog-scripts'],
  ['python3', 'Python', 'python3', 'code-context'],
  ['ipython', 'IPython', 'ipython', 'code-context'],
  ['node', 'Node.js', 'node', 'code-context'],
  ['deno', 'Deno', 'deno repl', 'code-context'],
  ['irb', 'Ruby', 'irb', 'code-context'],
  ['tmux', 'tmux', 'tmux new-session -A -s berth', 'view-split-left-right'],
];

export function login_shell(): TerminalProfile {
  return profile({ name: t('Login shell') });
}

export function profile(parts: Partial<TerminalProfile> & { name: string }): TerminalProfile {
  return { command: '', folder: '', environment: {}, icon: '', colour: '', ...parts };
}

/** What was stored or came from elsewhere, within its bounds; what is no profile is left out, and names are made different. */
export function profiles_of(value: unknown): TerminalProfile[] {
  const profiles: TerminalProfile[] = [];
  for (const entry of Array.isArray(value) ? (value as unknown[]) : []) {
    if (profiles.length === most_profiles) break;
    if (typeof entry !== 'object' || entry === null) continue;
    const fields = entry as Record<string, unknown>;
    const base = plain(fields['name'], longest_name).replaceAll(/\s+/g, ' ');
    if (base === '') continue;
    let name = base;
    for (let i = 2; profiles.some((known) => known.name === name); ++i) name = `${base} ${i}`;
    profiles.push({
      name,
      command: plain(fields['command'], longest_command),
      folder: plain(fields['folder'], longest_folder).replace(/^[/~]+/, ''),
      environment: variables_of(fields['environment']),
      icon: key_in(profile_icons, fields['icon']),
      colour: key_in(profile_colours, fields['colour']),
    });
  }
  return profiles;
}

/** As they are stored: without what is empty. */
export function stored_profiles(profiles: readonly TerminalProfile[]): object[] {
  return profiles.map(({ environment, ...texts }) => ({
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
  }));
}

/** All of them together can be kept. */
export function fits(profiles: readonly TerminalProfile[]): boolean {
  return new TextEncoder().encode(JSON.stringify(stored_profiles(profiles))).length <= most_bytes;
}

/** The person's own first; one of theirs takes the place of another of its name. */
export function all_profiles(own: readonly TerminalProfile[], programs: readonly string[]): TerminalProfile[] {
  const there = known_programs.filter(([program]) => programs.includes(program));
  const others = [login_shell(), ...there.map(([, name, command, icon]) => profile({ name, command, icon }))];
  return [...own, ...others.filter(({ name }) => !own.some((mine) => mine.name === name))];
}

/** The one of this name; the login shell where it is not there. */
export function usual_profile(
  own: readonly TerminalProfile[],
  programs: readonly string[],
  name: string,
): TerminalProfile {
  return all_profiles(own, programs).find((one) => one.name === name) ?? login_shell();
}

/** How the usual one is remembered: "" for the login shell, unless an own one has its name. */
export function stored_usual(chosen: string, own: readonly TerminalProfile[], programs: readonly string[]): string {
  const name = chosen.trim().replaceAll(/\s+/g, ' ');
  if (own.some((one) => one.name === name)) return name;
  return name !== login_shell().name && all_profiles([], programs).some((one) => one.name === name) ? name : '';
}

/** The one that a terminal was begun with, as far as one can tell. */
export function profile_of(
  { command, title }: TerminalInfo,
  own: readonly TerminalProfile[],
  programs: readonly string[],
): TerminalProfile | undefined {
  if (command === '') return undefined;
  const same = all_profiles(own, programs).filter((one) => one.command === command);
  return same.find((one) => one.name === title) ?? same[0];
}

/** An own one's name is its terminal's; other programs name theirs themselves. */
export function open_params(one: TerminalProfile, own: boolean): TerminalStart {
  return {
    ...(one.command ? { command: one.command } : {}),
    ...(one.folder ? { cwd: one.folder, cwd_if_there: true } : {}),
    ...(Object.keys(one.environment).length > 0 ? { environment: { ...one.environment } } : {}),
    ...(own ? { title: one.name } : {}),
  };
}

/** NAME=value, one a line; what is none is told. */
export function parse_variables(text: string): { variables: Record<string, string>; wrong: string[] } {
  const variables: Record<string, string> = {};
  const wrong: string[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const found = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (found?.[1] === undefined) wrong.push(line.slice(0, 40));
    else variables[found[1]] = found[2] ?? '';
  }
  return { variables, wrong };
}

function plain(value: unknown, longest: number): string {
  return typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, longest) : '';
}

function key_in(table: object, value: unknown): string {
  return typeof value === 'string' && Object.hasOwn(table, value) ? value : '';
}

function variables_of(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const fit = Object.entries(value).filter(
    ([name, text]) => name !== '' && name.length <= longest_name && !/[=\0]/.test(name) && typeof text === 'string',
  );
  // A name such as __proto__ is one like any other.
  return Object.fromEntries(fit.slice(0, most_variables).map(([name, text]) => [name, plain(text, longest_variable)]));
}
