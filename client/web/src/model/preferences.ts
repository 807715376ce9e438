// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser remembers of the person's taste: the theme, how editor and terminals behave, which keys call what.
import { chosen_keys } from './key_bindings';
import { Observable } from './observable';
import {
  is_setting,
  setting_names,
  setting_problem,
  setting_table,
  usual_settings,
  type SettingName,
  type Settings,
  type SettingValue,
} from './settings';
import { profiles_of, stored_profiles, type TerminalProfile } from './terminal_profiles';
import { message, type Message } from './translation';

export const theme_choices = ['system', 'light', 'dark', 'contrast_light', 'contrast_dark'] as const;
export type ThemeChoice = (typeof theme_choices)[number];
export const theme_names: Record<ThemeChoice, Message> = {
  system: message('As the system has it'),
  light: message('Light'),
  dark: message('Dark'),
  contrast_light: message('High contrast, light'),
  contrast_dark: message('High contrast, dark'),
};

const theme_key = 'berth.theme'; // read by public/theme.js before the first paint
const settings_key = 'berth.settings';
const terminal_key = 'berth.terminal';
const profiles_key = 'berth.terminal_profiles';

/** Keys shown before the workspace has echoed them: never, always, or where the way there is long. */
export type EchoChoice = 'auto' | 'on' | 'off';

export interface TerminalTaste {
  echo: EchoChoice;
  scrollback: number; // lines
}
export const usual_taste: TerminalTaste = { echo: 'auto', scrollback: 10_000 };
export const scrollback_choices = [1_000, 10_000, 50_000, 100_000] as const;

const key_name = /^keys\.([a-z0-9_]{1,80})$/; // as the server takes names

/** The fields that are the same for a person everywhere (roaming_preferences.ts). */
export class Preferences extends Observable {
  /** The person chose something here: the field's name. */
  on_choice: ((name: string) => void) | undefined;
  theme: ThemeChoice;
  terminal: TerminalTaste;
  settings: Settings = usual_settings();
  /** The person's own terminal profiles, and the name of the one that a new terminal begins with; "" for the login shell. */
  profiles: readonly TerminalProfile[] = [];
  default_profile = '';
  private profiles_owner_ = ''; // an account; "" for unknown
  /** Which keys the person chose, by command; the others have their usual ones. */
  keys: ReadonlyMap<string, readonly string[]> = new Map();
  private readonly system_ = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
  private readonly system_contrast_ = globalThis.matchMedia?.('(prefers-contrast: more)');
  private readonly system_still_ = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)');

  constructor() {
    super();
    this.theme = theme_choice(read(theme_key));
    this.terminal = taste(read(terminal_key));
    this.take_stored(read(settings_key));
    this.read_profiles();
    for (const query of [this.system_, this.system_contrast_, this.system_still_])
      query?.addEventListener('change', () => this.apply());
    this.apply();
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === terminal_key) {
        this.terminal = taste(event.newValue);
        this.changed();
      }
      if (event.key === profiles_key) {
        this.read_profiles();
        this.changed();
      }
      if (event.key === settings_key) {
        this.take_stored(event.newValue);
        this.apply();
      }
      if (event.key !== theme_key) return;
      this.theme = theme_choice(event.newValue);
      this.apply();
    });
  }

  /** The theme as it is now. */
  is_dark(): boolean {
    if (this.theme === 'system') return this.system_?.matches === true;
    return this.theme === 'dark' || this.theme === 'contrast_dark';
  }
  /** Lines around things, and colours that are far apart. */
  is_high_contrast(): boolean {
    if (this.theme === 'system') return this.system_contrast_?.matches === true;
    return this.theme === 'contrast_light' || this.theme === 'contrast_dark';
  }
  /** Nothing moves by itself. */
  is_still(): boolean {
    const choice = this.settings['workbench.reduce_motion'];
    return choice === 'on' || (choice === 'auto' && this.system_still_?.matches === true);
  }

  /** Shows it without choosing it. */
  try_theme(theme: ThemeChoice): void {
    this.theme = theme;
    this.apply();
  }

  set_theme(theme: ThemeChoice): void {
    this.put_theme(theme);
    this.on_choice?.('theme');
  }

  /** A value that does not fit the setting is left out. */
  set(name: SettingName, value: SettingValue): void {
    if (setting_problem(name, value) !== undefined || this.settings[name] === value) return;
    this.put_setting(name, value);
    this.on_choice?.(name);
  }

  /** Undefined gives a command its usual keys back. */
  set_keys(command: string, keys: readonly string[] | undefined): void {
    const name = `keys.${command}`;
    if (!key_name.test(name) || JSON.stringify(this.keys.get(command)) === JSON.stringify(keys && chosen_keys(keys)))
      return;
    this.put_keys(command, keys === undefined ? undefined : chosen_keys(keys));
    this.on_choice?.(name);
  }

  set_terminal(terminal: Partial<TerminalTaste>): void {
    this.put_terminal({ ...this.terminal, ...terminal });
    for (const key of Object.keys(terminal)) this.on_choice?.(`terminal.${key}`);
  }

  set_profiles(profiles: readonly TerminalProfile[]): void {
    this.put_profiles(profiles_of(stored_profiles(profiles)), this.default_profile);
    this.on_choice?.('terminal.profiles');
  }
  /** Profiles are commands: what another person kept in this browser does not run for this one. True where it was another's. */
  profiles_are_of(account: string): boolean {
    if (this.profiles_owner_ === account) return false;
    const foreign = this.profiles_owner_ !== '';
    this.profiles_owner_ = account;
    if (foreign) [this.profiles, this.default_profile] = [[], ''];
    this.store_profiles();
    if (foreign) this.changed();
    return foreign;
  }
  set_default_profile(name: string): void {
    if (name === this.default_profile) return;
    this.put_profiles(this.profiles, name);
    this.on_choice?.('terminal.default_profile');
  }

  /** Of a field that roams; undefined where this client has none of this name. */
  value_of(name: string): SettingValue | readonly (string | object)[] | null | undefined {
    if (name === 'theme') return this.theme;
    if (name === 'terminal.echo') return this.terminal.echo;
    if (name === 'terminal.scrollback') return this.terminal.scrollback;
    if (name === 'terminal.profiles') return stored_profiles(this.profiles);
    if (name === 'terminal.default_profile') return this.default_profile;
    if (is_setting(name)) return this.settings[name];
    const command = key_name.exec(name)?.[1];
    return command === undefined ? undefined : (this.keys.get(command) ?? null);
  }

  /** What was chosen elsewhere, perhaps by another release: what can't be is left out. */
  take(name: string, value: unknown): void {
    if (name === 'theme') {
      const theme = theme_choice(value);
      if (theme === value && theme !== this.theme) this.put_theme(theme);
      return;
    }
    if (is_setting(name)) {
      if (setting_problem(name, value) === undefined && this.settings[name] !== value)
        this.put_setting(name, value as SettingValue);
      return;
    }
    const command = key_name.exec(name)?.[1];
    if (command !== undefined) return this.put_keys(command, value === null ? undefined : chosen_keys(value));
    if (name === 'terminal.profiles' && Array.isArray(value))
      return this.put_profiles(profiles_of(value), this.default_profile);
    if (name === 'terminal.default_profile' && typeof value === 'string')
      return this.put_profiles(this.profiles, value.slice(0, 200));
    const key = /^terminal\.(echo|scrollback)$/.exec(name)?.[1];
    if (key === undefined) return;
    const terminal = taste(JSON.stringify({ ...this.terminal, [key]: value }));
    if (terminal[key as keyof TerminalTaste] === value && this.value_of(name) !== value) this.put_terminal(terminal);
  }

  private put_theme(theme: ThemeChoice): void {
    this.theme = theme;
    write(theme_key, theme);
    this.apply();
  }

  private put_terminal(terminal: TerminalTaste): void {
    this.terminal = terminal;
    write(terminal_key, JSON.stringify(terminal));
    this.changed();
  }

  private put_profiles(profiles: readonly TerminalProfile[], usual: string): void {
    if (JSON.stringify([this.profiles, this.default_profile]) === JSON.stringify([profiles, usual])) return;
    this.profiles = profiles;
    this.default_profile = usual;
    this.store_profiles();
    this.changed();
  }

  private store_profiles(): void {
    const { default_profile: usual, profiles_owner_: of } = this;
    write(profiles_key, JSON.stringify({ profiles: stored_profiles(this.profiles), usual, of }));
  }

  private read_profiles(): void {
    try {
      const { profiles, usual, of } = JSON.parse(read(profiles_key) ?? '{}') as Record<string, unknown>;
      this.profiles = profiles_of(profiles);
      this.default_profile = typeof usual === 'string' ? usual : '';
      this.profiles_owner_ = typeof of === 'string' ? of : '';
    } catch {
      // Damaged: none.
    }
  }

  private put_setting(name: SettingName, value: SettingValue): void {
    this.settings = { ...this.settings, [name]: value };
    this.store();
    if (name === 'workbench.reduce_motion') this.apply();
  }

  private put_keys(command: string, keys: readonly string[] | undefined): void {
    const before = this.keys.get(command);
    if (JSON.stringify(before) === JSON.stringify(keys)) return;
    const all = new Map(this.keys);
    if (keys === undefined) all.delete(command);
    else all.set(command, keys);
    this.keys = all;
    this.store();
  }

  /** What differs from usual; an earlier or later release takes of it what it knows. */
  private store(): void {
    const chosen = setting_names.filter((name) => this.settings[name] !== setting_table[name].usual);
    const settings = Object.fromEntries(chosen.map((name) => [name, this.settings[name]]));
    write(settings_key, JSON.stringify({ settings, keys: Object.fromEntries(this.keys) }));
    this.changed();
  }

  private take_stored(text: string | null): void {
    const settings: Record<string, SettingValue> = usual_settings();
    const keys = new Map<string, readonly string[]>();
    try {
      const stored = JSON.parse(text ?? '{}') as Record<string, Record<string, unknown> | undefined>;
      for (const [name, value] of Object.entries(stored['settings'] ?? {}))
        if (is_setting(name) && setting_problem(name, value) === undefined) settings[name] = value as SettingValue;
      for (const [command, value] of Object.entries(stored['keys'] ?? {})) {
        const chosen = chosen_keys(value);
        if (chosen && key_name.test(`keys.${command}`)) keys.set(command, chosen);
      }
    } catch {
      // Damaged: as usual.
    }
    this.settings = settings as Settings;
    this.keys = keys;
  }

  private apply(): void {
    if (globalThis.document) {
      const { dataset } = document.documentElement;
      dataset['theme'] = this.is_dark() ? 'dark' : 'light';
      dataset['contrast'] = this.is_high_contrast() ? 'high' : 'usual';
      dataset['motion'] = this.is_still() ? 'still' : 'usual';
    }
    this.changed();
  }
}

function theme_choice(value: unknown): ThemeChoice {
  return theme_choices.find((choice) => choice === value) ?? 'system';
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is off
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is off or full: remembered for this page alone.
  }
}

function taste(text: string | null): TerminalTaste {
  try {
    const { echo, scrollback } = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return {
      echo: echo === 'on' || echo === 'off' ? echo : usual_taste.echo,
      scrollback: scrollback_choices.find((lines) => lines === scrollback) ?? usual_taste.scrollback,
    };
  } catch {
    return usual_taste;
  }
}
