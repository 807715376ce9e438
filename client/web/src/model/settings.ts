// SPDX-License-Identifier: GPL-3.0-or-later
// What can be set about the IDE: each setting's name, words, kind and usual value. The page of settings, the JSON and what
// roams are made from this table; a value that does not fit it is never taken, wherever it comes from.
import { message, type Message, t } from './translation';

interface Words {
  title: Message;
  about: Message;
}
export type SettingKind =
  | { kind: 'switch'; usual: boolean }
  | { kind: 'number'; usual: number; least: number; most: number; unit?: Message }
  | { kind: 'choice'; usual: string; choices: readonly (readonly [value: string, label: Message])[] };
export type Setting = SettingKind & Words;
export type SettingValue = boolean | number | string;

export const setting_table = {
  'workbench.language': {
    kind: 'choice',
    usual: 'system',
    choices: [
      ['system', message('As the browser has it')],
      ['en', message('English')],
      ['de', message('Deutsch')],
    ],
    title: message('Language'),
    about: message('Of menus and messages.'),
  },
  'workbench.breadcrumbs': {
    kind: 'switch',
    usual: true,
    title: message('Breadcrumbs'),
    about: message('The folders of the file above its text; each opens a list of what lies beside it.'),
  },
  'workbench.activity_bar': {
    kind: 'switch',
    usual: true,
    title: message('Activity bar'),
    about: message('The column of icons at the left edge: files, people, ports, history, settings.'),
  },
  'workbench.reduce_motion': {
    kind: 'choice',
    usual: 'auto',
    choices: [
      ['auto', message('As the system has it')],
      ['on', message('Nothing moves')],
      ['off', message('Things move')],
    ],
    title: message('Motion'),
    about: message('Whether panels, cursors and signs of waiting move.'),
  },
  'editor.font_size': {
    kind: 'number',
    usual: 13,
    least: 8,
    most: 40,
    unit: message('px'),
    title: message('Font size'),
    about: message('Of text in the editor.'),
  },
  'editor.font_ligatures': {
    kind: 'switch',
    usual: false,
    title: message('Font ligatures'),
    about: message('Draw => and != as one sign where the font has it.'),
  },
  'editor.tab_size': {
    kind: 'number',
    usual: 4,
    least: 1,
    most: 16,
    unit: message('columns'),
    title: message('Tab size'),
    about: message('How wide a step of indentation is where the file itself does not show it.'),
  },
  'editor.insert_spaces': {
    kind: 'switch',
    usual: true,
    title: message('Indent with spaces'),
    about: message('Where the file itself does not show what it uses.'),
  },
  'editor.detect_indentation': {
    kind: 'switch',
    usual: true,
    title: message('Detect indentation'),
    about: message('Take tab size and spaces from the file.'),
  },
  'editor.word_wrap': {
    kind: 'choice',
    usual: 'off',
    choices: [
      ['off', message('Long lines run on')],
      ['on', message('Wrap at the edge')],
    ],
    title: message('Long lines'),
    about: message('Alt+Z changes it.'),
  },
  'editor.line_numbers': {
    kind: 'choice',
    usual: 'on',
    choices: [
      ['on', message('Shown')],
      ['relative', message('Counted from the cursor')],
      ['off', message('Hidden')],
    ],
    title: message('Line numbers'),
    about: message('Left of the text.'),
  },
  'editor.minimap': {
    kind: 'switch',
    usual: true,
    title: message('Minimap'),
    about: message('The whole file in small at the right edge, where there is room.'),
  },
  'editor.sticky_scroll': {
    kind: 'switch',
    usual: true,
    title: message('Sticky scroll'),
    about: message('Keep the beginnings of the blocks you are in at the top.'),
  },
  'editor.render_whitespace': {
    kind: 'choice',
    usual: 'selection',
    choices: [
      ['none', message('Never')],
      ['selection', message('In what is selected')],
      ['trailing', message('At the ends of lines')],
      ['all', message('Everywhere')],
    ],
    title: message('White space'),
    about: message('Where blanks and tabs are drawn.'),
  },
  'editor.bracket_pairs': {
    kind: 'switch',
    usual: true,
    title: message('Coloured brackets'),
    about: message('Pairs of brackets have a colour for each depth.'),
  },
  'editor.completion': {
    kind: 'switch',
    usual: true,
    title: message('Suggestions'),
    about: message('Offer words while typing; Ctrl+Space offers them in any case.'),
  },
  'editor.format_on_save': {
    kind: 'switch',
    usual: false,
    title: message('Format when saving'),
    about: message(
      'Ctrl+S puts the text in order where the editor has a formatter: JavaScript, TypeScript, JSON, CSS, HTML.',
    ),
  },
  'editor.emmet': {
    kind: 'switch',
    usual: true,
    title: message('Emmet'),
    about: message('Offer what abbreviations such as ul>li*3 stand for, in HTML and CSS.'),
  },
  'editor.ruler': {
    kind: 'number',
    usual: 0,
    least: 0,
    most: 400,
    unit: message('columns'),
    title: message('Ruler'),
    about: message('A line at this column; 0 for none.'),
  },
  'editor.cursor_style': {
    kind: 'choice',
    usual: 'line',
    choices: [
      ['line', message('Line')],
      ['block', message('Block')],
      ['underline', message('Underline')],
    ],
    title: message('Cursor'),
    about: message('Its shape in the editor.'),
  },
  'terminal.font_size': {
    kind: 'number',
    usual: 13,
    least: 8,
    most: 32,
    unit: message('px'),
    title: message('Font size'),
    about: message('Of letters in terminals.'),
  },
  'terminal.font_ligatures': {
    kind: 'switch',
    usual: false,
    title: message('Font ligatures'),
    about: message('Draw => and != as one sign where the font has it.'),
  },
  'terminal.cursor_style': {
    kind: 'choice',
    usual: 'block',
    choices: [
      ['block', message('Block')],
      ['bar', message('Line')],
      ['underline', message('Underline')],
    ],
    title: message('Cursor'),
    about: message('Its shape in terminals where the program asks for none.'),
  },
  'terminal.cursor_blink': {
    kind: 'switch',
    usual: true,
    title: message('Blinking cursor'),
    about: message('In the terminal that has the keys.'),
  },
  'preview.new_ports': {
    kind: 'choice',
    usual: 'tell',
    choices: [
      ['tell', message('Tell it')],
      ['open', message('Open a preview')],
      ['off', message('Do nothing')],
    ],
    title: message('When a program listens'),
    about: message('What happens when a program in the workspace begins to listen on a port.'),
  },
} as const satisfies Record<string, Setting>;

type Table = typeof setting_table;
export type SettingName = keyof Table;
type ValueOf<Entry extends Setting> = Entry extends { kind: 'switch' }
  ? boolean
  : Entry extends { kind: 'number' }
    ? number
    : Entry extends { choices: readonly (readonly [infer Value, Message])[] }
      ? Value
      : never;
/** All of them as they are now. */
export type Settings = { [Name in SettingName]: ValueOf<Table[Name]> };

export const setting_names = Object.keys(setting_table) as SettingName[];

export function is_setting(name: string): name is SettingName {
  return Object.hasOwn(setting_table, name);
}

/** Why a value can't be a setting's; undefined when it can. */
export function setting_problem(name: SettingName, value: unknown): string | undefined {
  const setting: Setting = setting_table[name];
  switch (setting.kind) {
    case 'switch':
      return typeof value === 'boolean' ? undefined : t('must be true or false');
    case 'number':
      if (typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most)
        return undefined;
      return t`must be a whole number from ${setting.least} to ${setting.most}`;
    case 'choice':
      if (setting.choices.some(([choice]) => choice === value)) return undefined;
      return t`must be ${setting.choices.map(([choice]) => `"${choice}"`).join(' or ')}`;
  }
}

export function usual_settings(): Settings {
  return Object.fromEntries(setting_names.map((name) => [name, setting_table[name].usual])) as Settings;
}
