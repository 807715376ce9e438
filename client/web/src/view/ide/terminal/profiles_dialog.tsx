// SPDX-License-Identifier: GPL-3.0-or-later
// The person's own terminal profiles: made, changed, removed; which one is the usual.
import { useId, useState } from 'react';
import {
  all_profiles,
  fits,
  most_profiles,
  parse_variables,
  profile,
  profile_colours,
  profile_icons,
  profiles_of,
  stored_usual,
  type TerminalProfile,
  usual_profile,
} from '../../../model/terminal_profiles';
import { t } from '../../../model/translation';
import { useApplication } from '../../application';
import { Field, Problem, SelectField } from '../../controls/form';
import { FormDialog } from '../../controls/form_dialog';
import { Icon } from '../../controls/icon';

interface Draft extends TerminalProfile {
  key: number;
  /** The variables as they are typed. */
  typed: string;
}
const draft_of = (one: TerminalProfile, key: number): Draft => ({
  ...one,
  key,
  typed: Object.entries(one.environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n'),
});

export default function ProfilesDialog({ programs, on_close }: { programs: readonly string[]; on_close: () => void }) {
  const { preferences } = useApplication();
  const [drafts, set_drafts] = useState(() => preferences.profiles.map(draft_of));
  const [chosen, set_chosen] = useState(drafts[0]?.key);
  const [usual, set_usual] = useState(
    () => usual_profile(preferences.profiles, programs, preferences.default_profile).name,
  );
  const [next, set_next] = useState(drafts.length);
  const draft = drafts.find(({ key }) => key === chosen);
  const wrong = drafts.flatMap(({ name, typed }) => parse_variables(typed).wrong.map((line) => ({ name, line })))[0];
  const nameless = drafts.some(({ name }) => name.trim() === '');
  const kept = () => profiles_of(drafts.map((one) => ({ ...one, environment: parse_variables(one.typed).variables })));
  const problem = wrong
    ? t`${wrong.name}: “${wrong.line}” is no variable. Write NAME=value, one a line.`
    : nameless
      ? t('Each profile needs a name.')
      : fits(kept())
        ? ''
        : t('Together they are too long to be kept: shorten commands or variables.');
  const add = (one: TerminalProfile) => {
    set_drafts([...drafts, draft_of(one, next)]);
    set_chosen(next);
    set_next(next + 1);
  };
  const change = (part: Partial<Draft>) => {
    // The usual one stays that under its new name.
    if (draft && part.name !== undefined && draft.name === usual) set_usual(part.name);
    set_drafts(drafts.map((one) => (one.key === chosen ? { ...one, ...part } : one)));
  };
  const remove = () => {
    const at = drafts.findIndex(({ key }) => key === chosen);
    const rest = drafts.filter(({ key }) => key !== chosen);
    set_drafts(rest);
    set_chosen(rest[Math.min(at, rest.length - 1)]?.key);
  };
  const names = all_profiles(drafts, programs).map(({ name }) => name);
  return (
    <FormDialog
      title={t('Terminal profiles')}
      yes={t('Save')}
      ready={problem === ''}
      wide
      send={() => {
        const own = kept();
        preferences.set_profiles(own);
        preferences.set_default_profile(stored_usual(usual, own, programs));
        return Promise.resolve();
      }}
      on_close={on_close}
    >
      <p className="hint">
        {t('What a new terminal begins with. Your profiles are the same in every browser and desktop.')}
      </p>
      <Problem text={problem} />
      <div className="profiles">
        <div className="profile-side">
          <ul className="profile-list" aria-label={t('Your profiles')}>
            {drafts.map((one) => (
              <li key={one.key}>
                <button
                  type="button"
                  className="profile-name"
                  aria-pressed={one.key === chosen}
                  onClick={() => set_chosen(one.key)}
                >
                  <Icon name={profile_icons[one.icon as keyof typeof profile_icons]?.[0] ?? 'terminal'} size={14} />
                  {one.name || '…'}
                </button>
              </li>
            ))}
            {drafts.length === 0 && <li className="muted">{t('You have none of your own yet.')}</li>}
          </ul>
          <div className="row">
            <button
              type="button"
              className="icon-button"
              aria-label={t('New profile')}
              title={t('New profile')}
              disabled={drafts.length >= most_profiles}
              onClick={() => add(profile({ name: t('New profile') }))}
            >
              <Icon name="add" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={t('A copy of this one')}
              title={t('A copy of this one')}
              disabled={!draft || drafts.length >= most_profiles}
              onClick={() => draft && add({ ...draft, environment: parse_variables(draft.typed).variables })}
            >
              <Icon name="copy" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={t('Remove this profile')}
              title={t('Remove this profile')}
              disabled={!draft}
              onClick={remove}
            >
              <Icon name="trash" />
            </button>
          </div>
        </div>
        {draft && <ProfileForm key={draft.key} draft={draft} on_change={change} />}
      </div>
      <SelectField
        label={t('New terminals begin with')}
        value={names.includes(usual) ? usual : (all_profiles([], [])[0]?.name ?? '')}
        options={[...new Set(names)].map((name) => ({ value: name, label: name }))}
        onChange={(event) => set_usual(event.target.value)}
      />
    </FormDialog>
  );
}

function ProfileForm({ draft, on_change }: { draft: Draft; on_change: (part: Partial<Draft>) => void }) {
  const variables = useId();
  const icons = Object.entries(profile_icons).map(([value, [, label]]) => ({ value, label: t(label) }));
  const colours = Object.entries(profile_colours).map(([value, [, label]]) => ({ value, label: t(label) }));
  return (
    <div className="profile-form">
      <Field
        label={t('Name')}
        value={draft.name}
        maxLength={60}
        required
        onChange={(event) => on_change({ name: event.target.value })}
      />
      <Field
        label={t('Command')}
        value={draft.command}
        maxLength={4000}
        placeholder={t('the login shell')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => on_change({ command: event.target.value })}
      />
      <Field
        label={t('Folder below home')}
        value={draft.folder}
        maxLength={1000}
        placeholder={t('where the terminal beside it is')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => on_change({ folder: event.target.value })}
      />
      <div className="field">
        <label htmlFor={variables}>{t('Variables')}</label>
        <textarea
          id={variables}
          className="input variables"
          rows={3}
          spellCheck={false}
          placeholder={t('NAME=value, one a line')}
          value={draft.typed}
          onChange={(event) => on_change({ typed: event.target.value })}
        />
      </div>
      <div className="row">
        <SelectField
          label={t('Icon')}
          value={draft.icon || 'dialog-scripts'}
          options={icons}
          onChange={(event) => on_change({ icon: event.target.value })}
        />
        <SelectField
          label={t('Colour')}
          value={draft.colour}
          options={[{ value: '', label: t('As the theme has it') }, ...colours]}
          onChange={(event) => on_change({ colour: event.target.value })}
        />
      </div>
    </div>
  );
}
