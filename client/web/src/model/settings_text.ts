// SPDX-License-Identifier: GPL-3.0-or-later
// The person's choices as one JSON text, and back: { "theme": …, "editor.font_size": …, "keys.save": ["ctrl+s"] }. What the text
// leaves out is as usual.
import { parse_keys } from './key_chord';
import type { Preferences } from './preferences';
import { scrollback_choices, theme_choices, usual_taste } from './preferences';
import { is_setting, setting_names, setting_problem, setting_table } from './settings';
import { t } from './translation';

/** Everything that can stand in the text, with how a value is looked at; undefined when the value is right. */
function problem_of(name: string, value: unknown, commands: ReadonlySet<string>): string | undefined {
  if (is_setting(name)) return setting_problem(name, value);
  if (name === 'theme')
    return theme_choices.some((choice) => choice === value)
      ? undefined
      : t`must be ${theme_choices.map((choice) => `"${choice}"`).join(' or ')}`;
  if (name === 'terminal.echo')
    return ['auto', 'on', 'off'].includes(value as string) ? undefined : t('must be "auto", "on" or "off"');
  if (name === 'terminal.scrollback')
    return scrollback_choices.some((lines) => lines === value)
      ? undefined
      : t`must be ${scrollback_choices.join(' or ')}`;
  const command = /^keys\.(.+)$/.exec(name)?.[1];
  if (command === undefined) return t('is no setting');
  if (!commands.has(command)) return t('is no command');
  if (!Array.isArray(value) || value.length > 4) return t('must be a list of at most four keys');
  const wrong = value.find((keys) => typeof keys !== 'string' || parse_keys(keys) === undefined) as unknown;
  return wrong === undefined ? undefined : t`${JSON.stringify(wrong)} names no keys that can be bound`;
}

/** What the person chose otherwise than usual. */
export function settings_text(preferences: Preferences): string {
  const chosen: Record<string, unknown> = {};
  if (preferences.theme !== 'system') chosen['theme'] = preferences.theme;
  const { echo, scrollback } = preferences.terminal;
  if (echo !== usual_taste.echo) chosen['terminal.echo'] = echo;
  if (scrollback !== usual_taste.scrollback) chosen['terminal.scrollback'] = scrollback;
  for (const name of setting_names)
    if (preferences.settings[name] !== setting_table[name].usual) chosen[name] = preferences.settings[name];
  for (const [command, keys] of preferences.keys) chosen[`keys.${command}`] = keys;
  return `${JSON.stringify(chosen, undefined, 2)}\n`;
}

/** Takes all of the text, or nothing and tells why. `commands`: whose keys may be chosen. */
export function take_settings_text(
  text: string,
  preferences: Preferences,
  commands: ReadonlySet<string>,
): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch (error) {
    return t`This is not JSON: ${error instanceof Error ? error.message : ''}`;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return t('The settings must stand in { }.');
  const chosen = parsed as Record<string, unknown>;
  for (const [name, value] of Object.entries(chosen)) {
    const problem = problem_of(name, value, commands);
    if (problem !== undefined) return `${name}: ${problem}.`;
  }
  const of = <Value>(name: string, usual: Value) => (Object.hasOwn(chosen, name) ? (chosen[name] as Value) : usual);
  const theme = of('theme', 'system');
  if (theme !== preferences.theme) preferences.set_theme(theme);
  const echo = of('terminal.echo', usual_taste.echo);
  const scrollback = of('terminal.scrollback', usual_taste.scrollback);
  if (echo !== preferences.terminal.echo) preferences.set_terminal({ echo });
  if (scrollback !== preferences.terminal.scrollback) preferences.set_terminal({ scrollback });
  for (const name of setting_names) preferences.set(name, of(name, setting_table[name].usual));
  for (const command of preferences.keys.keys())
    if (!Object.hasOwn(chosen, `keys.${command}`)) preferences.set_keys(command, undefined);
  for (const [name, value] of Object.entries(chosen))
    if (name.startsWith('keys.')) preferences.set_keys(name.slice('keys.'.length), value as string[]);
  return undefined;
}
