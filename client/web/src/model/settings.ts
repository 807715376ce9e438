// SPDX-License-Identifier: GPL-3.0-or-later
// What can be set about the IDE: each setting's name, words, kind and usual value. The page of settings, the JSON and what
// roams are made from this table; a value that does not fit it is never taken, wherever it comes from.

interface Words {
  title: string;
  about: string;
}
export type SettingKind =
  | { kind: 'switch'; usual: boolean }
  | { kind: 'number'; usual: number; least: number; most: number; unit?: string }
  | { kind: 'choice'; usual: string; choices: readonly (readonly [value: string, label: string])[] };
export type Setting = SettingKind & Words;
export type SettingValue = boolean | number | string;

export const setting_table = {
  'workbench.breadcrumbs': {
    kind: 'switch',
    usual: true,
    title: 'Breadcrumbs',
    about: 'The folders of the file above its text; each opens a list of what lies beside it.',
  },
  'workbench.activity_bar': {
    kind: 'switch',
    usual: true,
    title: 'Activity bar',
    about: 'The column of icons at the left edge: files, people, ports, history, settings.',
  },
  'workbench.reduce_motion': {
    kind: 'choice',
    usual: 'auto',
    choices: [
      ['auto', 'As the system has it'],
      ['on', 'Nothing moves'],
      ['off', 'Things move'],
    ],
    title: 'Motion',
    about: 'Whether panels, cursors and signs of waiting move.',
  },
  'editor.font_size': {
    kind: 'number',
    usual: 13,
    least: 8,
    most: 40,
    unit: 'px',
    title: 'Font size',
    about: 'Of text in the editor.',
  },
  'editor.font_ligatures': {
    kind: 'switch',
    usual: false,
    title: 'Font ligatures',
    about: 'Draw => and != as one sign where the font has it.',
  },
  'editor.tab_size': {
    kind: 'number',
    usual: 4,
    least: 1,
    most: 16,
    unit: 'columns',
    title: 'Tab size',
    about: 'How wide a step of indentation is where the file itself does not show it.',
  },
  'editor.insert_spaces': {
    kind: 'switch',
    usual: true,
    title: 'Indent with spaces',
    about: 'Where the file itself does not show what it uses.',
  },
  'editor.detect_indentation': {
    kind: 'switch',
    usual: true,
    title: 'Detect indentation',
    about: 'Take tab size and spaces from the file.',
  },
  'editor.word_wrap': {
    kind: 'choice',
    usual: 'off',
    choices: [
      ['off', 'Long lines run on'],
      ['on', 'Wrap at the edge'],
    ],
    title: 'Long lines',
    about: 'Alt+Z changes it.',
  },
  'editor.line_numbers': {
    kind: 'choice',
    usual: 'on',
    choices: [
      ['on', 'Shown'],
      ['relative', 'Counted from the cursor'],
      ['off', 'Hidden'],
    ],
    title: 'Line numbers',
    about: 'Left of the text.',
  },
  'editor.minimap': {
    kind: 'switch',
    usual: true,
    title: 'Minimap',
    about: 'The whole file in small at the right edge, where there is room.',
  },
  'editor.sticky_scroll': {
    kind: 'switch',
    usual: true,
    title: 'Sticky scroll',
    about: 'Keep the beginnings of the blocks you are in at the top.',
  },
  'editor.render_whitespace': {
    kind: 'choice',
    usual: 'selection',
    choices: [
      ['none', 'Never'],
      ['selection', 'In what is selected'],
      ['trailing', 'At the ends of lines'],
      ['all', 'Everywhere'],
    ],
    title: 'White space',
    about: 'Where blanks and tabs are drawn.',
  },
  'editor.bracket_pairs': {
    kind: 'switch',
    usual: true,
    title: 'Coloured brackets',
    about: 'Pairs of brackets have a colour for each depth.',
  },
  'editor.completion': {
    kind: 'switch',
    usual: true,
    title: 'Suggestions',
    about: 'Offer words while typing; Ctrl+Space offers them in any case.',
  },
  'editor.format_on_save': {
    kind: 'switch',
    usual: false,
    title: 'Format when saving',
    about: 'Ctrl+S puts the text in order where the editor has a formatter: JavaScript, TypeScript, JSON, CSS, HTML.',
  },
  'editor.emmet': {
    kind: 'switch',
    usual: true,
    title: 'Emmet',
    about: 'Offer what abbreviations such as ul>li*3 stand for, in HTML and CSS.',
  },
  'editor.ruler': {
    kind: 'number',
    usual: 0,
    least: 0,
    most: 400,
    unit: 'columns',
    title: 'Ruler',
    about: 'A line at this column; 0 for none.',
  },
  'editor.cursor_style': {
    kind: 'choice',
    usual: 'line',
    choices: [
      ['line', 'Line'],
      ['block', 'Block'],
      ['underline', 'Underline'],
    ],
    title: 'Cursor',
    about: 'Its shape in the editor.',
  },
  'terminal.font_size': {
    kind: 'number',
    usual: 13,
    least: 8,
    most: 32,
    unit: 'px',
    title: 'Font size',
    about: 'Of letters in terminals.',
  },
  'terminal.font_ligatures': {
    kind: 'switch',
    usual: false,
    title: 'Font ligatures',
    about: 'Draw => and != as one sign where the font has it.',
  },
  'terminal.cursor_style': {
    kind: 'choice',
    usual: 'block',
    choices: [
      ['block', 'Block'],
      ['bar', 'Line'],
      ['underline', 'Underline'],
    ],
    title: 'Cursor',
    about: 'Its shape in terminals where the program asks for none.',
  },
  'terminal.cursor_blink': {
    kind: 'switch',
    usual: true,
    title: 'Blinking cursor',
    about: 'In the terminal that has the keys.',
  },
} as const satisfies Record<string, Setting>;

type Table = typeof setting_table;
export type SettingName = keyof Table;
type ValueOf<Entry extends Setting> = Entry extends { kind: 'switch' }
  ? boolean
  : Entry extends { kind: 'number' }
    ? number
    : Entry extends { choices: readonly (readonly [infer Value, string])[] }
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
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      if (typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most)
        return undefined;
      return `must be a whole number from ${setting.least} to ${setting.most}`;
    case 'choice':
      if (setting.choices.some(([choice]) => choice === value)) return undefined;
      return `must be ${setting.choices.map(([choice]) => `"${choice}"`).join(' or ')}`;
  }
}

export function usual_settings(): Settings {
  return Object.fromEntries(setting_names.map((name) => [name, setting_table[name].usual])) as Settings;
}
