// SPDX-License-Identifier: GPL-3.0-or-later
// Every setting with its words and a control of its kind, part by part; what differs from usual can be put back.
import { useId, useState, type ReactNode } from 'react';
import { fuzzy_match } from '../../../model/fuzzy';
import {
  scrollback_choices,
  usual_taste,
  type EchoChoice,
  type ThemeChoice,
  theme_choices,
  theme_names,
} from '../../../model/preferences';
import { setting_names, setting_table, type Setting, type SettingName } from '../../../model/settings';
import { useApplication, useChanges } from '../../application';
import { rich } from '../../controls/rich';
import { number, t } from '../../../model/translation';

interface Line {
  part: string;
  name: string;
  title: string;
  about: string;
  changed: boolean;
  reset: () => void;
  control: (id: string) => ReactNode;
}

const part_of = (name: string) =>
  ({ workbench: t('Window'), editor: t('Editor'), terminal: t('Terminals'), preview: t('Preview') })[
    name.split('.')[0] ?? ''
  ] ?? '';

function Choice<Value extends string | number>({
  id,
  value,
  choices,
  on_choose,
}: {
  id: string;
  value: Value;
  choices: readonly (readonly [Value, string])[];
  on_choose: (value: Value) => void;
}) {
  return (
    <select
      id={id}
      className="input"
      value={value}
      onChange={(event) => {
        const chosen = choices.find(([choice]) => String(choice) === event.target.value);
        if (chosen) on_choose(chosen[0]);
      }}
    >
      {choices.map(([choice, label]) => (
        <option key={choice} value={choice}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** A number is taken once it is one the setting may have; what is half typed changes nothing. */
function NumberField({ id, name }: { id: string; name: SettingName }) {
  const { preferences } = useApplication();
  const setting = setting_table[name] as Extract<Setting, { kind: 'number' }>;
  const value = preferences.settings[name] as number;
  const [typed, set_typed] = useState<string>();
  const number = Number(typed);
  const wrong =
    typed !== undefined &&
    (typed.trim() === '' || !Number.isInteger(number) || number < setting.least || number > setting.most);
  return (
    <span className="setting-number">
      <input
        id={id}
        type="number"
        className="input"
        min={setting.least}
        max={setting.most}
        aria-invalid={wrong}
        value={typed ?? value}
        onChange={(event) => {
          set_typed(event.target.value);
          if (event.target.value.trim() !== '') preferences.set(name, Number(event.target.value));
        }}
        onBlur={() => set_typed(undefined)}
      />
      <span className="muted">{t(setting.unit)}</span>
      {wrong && (
        <span className="setting-wrong" role="alert">
          {rich('From {0} to {1}', setting.least, setting.most)}
        </span>
      )}
    </span>
  );
}

function useLines(): Line[] {
  const { preferences } = useApplication();
  useChanges(preferences);
  const { theme, terminal, settings } = preferences;
  const themes = theme_choices.map((one): [ThemeChoice, string] => [one, t(theme_names[one])]);
  const echoes: [EchoChoice, string][] = [
    ['auto', t('On slow connections')],
    ['on', t('Always')],
    ['off', t('Never')],
  ];
  const lines: Line[] = [
    {
      part: t('Window'),
      name: 'theme',
      title: t('Colour theme'),
      about: t('Light, dark, of high contrast, or as the system has it.'),
      changed: theme !== 'system',
      reset: () => preferences.set_theme('system'),
      control: (id) => (
        <Choice id={id} value={theme} choices={themes} on_choose={(one) => preferences.set_theme(one)} />
      ),
    },
    ...setting_names.map((name): Line => {
      const setting: Setting = setting_table[name];
      return {
        part: part_of(name),
        name,
        title: t(setting.title),
        about: t(setting.about),
        changed: settings[name] !== setting.usual,
        reset: () => preferences.set(name, setting.usual),
        control: (id) =>
          setting.kind === 'switch' ? (
            <input
              id={id}
              type="checkbox"
              checked={settings[name] as boolean}
              onChange={(event) => preferences.set(name, event.target.checked)}
            />
          ) : setting.kind === 'number' ? (
            <NumberField id={id} name={name} />
          ) : (
            <Choice
              id={id}
              value={String(settings[name])}
              choices={setting.choices.map(([choice, label]) => [choice, t(label)] as const)}
              on_choose={(one) => preferences.set(name, one)}
            />
          ),
      };
    }),
    {
      part: t('Terminals'),
      name: 'terminal.scrollback',
      title: t('Lines above the screen'),
      about: t('How many a terminal keeps.'),
      changed: terminal.scrollback !== usual_taste.scrollback,
      reset: () => preferences.set_terminal({ scrollback: usual_taste.scrollback }),
      control: (id) => (
        <Choice
          id={id}
          value={terminal.scrollback}
          choices={scrollback_choices.map((lines) => [lines as number, number(lines)] as const)}
          on_choose={(scrollback) => preferences.set_terminal({ scrollback })}
        />
      ),
    },
    {
      part: t('Terminals'),
      name: 'terminal.echo',
      title: t('Show keys ahead'),
      about: t('Before the workspace has answered; underlined until it has.'),
      changed: terminal.echo !== usual_taste.echo,
      reset: () => preferences.set_terminal({ echo: usual_taste.echo }),
      control: (id) => (
        <Choice
          id={id}
          value={terminal.echo}
          choices={echoes}
          on_choose={(echo) => preferences.set_terminal({ echo })}
        />
      ),
    },
  ];
  return lines;
}

export function SettingsList() {
  const lines = useLines();
  const [looked_for, set_looked_for] = useState('');
  const words = looked_for.trim();
  const matches = ({ title, about, name }: Line) =>
    words === '' ||
    `${title} ${about} ${name}`.toLowerCase().includes(words.toLowerCase()) ||
    fuzzy_match(words, title) !== undefined;
  const found = lines.filter(matches);
  const parts = [...new Set(lines.map(({ part }) => part))];
  return (
    <div className="settings-body">
      <input
        className="input settings-search"
        type="search"
        aria-label={t('Search settings')}
        placeholder={t('Search settings')}
        value={looked_for}
        onChange={(event) => set_looked_for(event.target.value)}
      />
      {parts.map((part) => {
        const own = found.filter((line) => line.part === part);
        return own.length === 0 ? null : (
          <section key={part} className="settings-part" aria-label={part}>
            <h2>{part}</h2>
            {own.map((line) => (
              <SettingRow key={line.name} line={line} />
            ))}
          </section>
        );
      })}
      {found.length === 0 && <p className="muted">{t('No setting has such words.')}</p>}
    </div>
  );
}

function SettingRow({ line }: { line: Line }) {
  const id = useId();
  return (
    <div className={`setting${line.changed ? ' changed' : ''}`} data-setting={line.name}>
      <div className="setting-words">
        <label htmlFor={id}>{line.title}</label>
        <p className="muted">{line.about}</p>
      </div>
      <div className="setting-control">
        {line.control(id)}
        {line.changed && (
          <button
            type="button"
            className="link-button"
            aria-label={t`As usual: ${line.title}`}
            title={t('As usual')}
            onClick={line.reset}
          >
            {t('Reset')}
          </button>
        )}
      </div>
    </div>
  );
}
