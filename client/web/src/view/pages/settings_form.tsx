// SPDX-License-Identifier: GPL-3.0-or-later
// The server's settings as a form; what is not in it stays.
import { useState, type ReactNode } from 'react';
import type { Settings, UpdateSettingsBody } from '../../protocol/messages';
import { useApplication } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { t } from '../../model/translation';

const gibibyte = 2 ** 30;

/** Fields that are whole numbers as they stand. */
const amounts = [
  'idle_stop_minutes',
  'maximum_life_minutes',
  'workspaces_per_account',
  'running_per_account',
  'workspaces_per_team',
  'running_per_team',
  'teams_per_account',
  'audit_days',
] as const satisfies (keyof Settings)[];
/** And those that are shown in GiB. */
const storages = ['storage_per_account', 'storage_per_team'] as const satisfies (keyof Settings)[];

export function settings_of(fields: FormData): UpdateSettingsBody {
  const number = (name: string) => Number(text_field(fields, name));
  const body: UpdateSettingsBody = {
    registration_open: fields.get('registration_open') === 'on',
    password_sign_in: fields.get('password_sign_in') === 'on',
    registration_domains: text_field(fields, 'registration_domains')
      .split(/[\s,;]+/)
      .filter(Boolean),
  };
  for (const name of amounts) body[name] = number(name);
  for (const name of storages) body[name] = Math.round(number(name) * gibibyte);
  return body;
}

export function SettingsForm({ settings }: { settings: Settings }) {
  const { rest, account } = useApplication();
  const [saved, set_saved] = useState(false);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_saved(false);
    await rest.call('UpdateSettings', { body: settings_of(fields) });
    set_saved(true);
    await account.load();
  });
  const number = { type: 'number', min: 0, required: true } as const;
  const amount = (name: (typeof amounts)[number], label: string, hint?: string) => (
    <Field label={label} {...(hint ? { hint } : {})} name={name} step={1} {...number} defaultValue={settings[name]} />
  );
  const storage = (name: (typeof storages)[number], label: string) => (
    <Field
      label={label}
      hint={t('Deduplicated and compressed; 0: unlimited.')}
      name={name}
      step="any"
      {...number}
      defaultValue={settings[name] / gibibyte}
    />
  );
  const turn = (name: 'registration_open' | 'password_sign_in', label: string, about: string) => (
    <label className="switch">
      <input type="checkbox" name={name} defaultChecked={settings[name]} />
      <span>
        <strong>{label}</strong>
        <br />
        <span className="muted">{about}</span>
      </span>
    </label>
  );
  return (
    <form className="card panel-card form settings-form" onSubmit={on_submit}>
      <Group name={t('Signing in')}>
        {turn('registration_open', t('Registration is open'), t('Anyone who reaches this server can make an account.'))}
        {turn(
          'password_sign_in',
          t('Sign in by e-mail and password'),
          t(
            'Without it people come in by a provider; administrators can by password all the same, so that nobody is locked out.',
          ),
        )}
        <Field
          label={t('E-mail domains that may register')}
          hint={t(
            'With commas between, “example.org, example.com”; empty: any. Accounts that there are stay. A server that sends no mail believes whatever address people give.',
          )}
          name="registration_domains"
          placeholder={t('any')}
          autoComplete="off"
          defaultValue={settings.registration_domains.join(', ')}
        />
      </Group>
      <Group name={t('Running workspaces')}>
        {amount(
          'idle_stop_minutes',
          t('Stop idle workspaces after (minutes)'),
          t('0: never. People are warned two minutes before.'),
        )}
        {amount('maximum_life_minutes', t('Longest life of a running workspace (minutes)'), t('0: unlimited.'))}
      </Group>
      <Group name={t('A person may have')}>
        {amount('workspaces_per_account', t('Workspaces an account'), t('Running and stopped ones together.'))}
        {amount('running_per_account', t('Running workspaces an account'), t('At the same time.'))}
        {storage('storage_per_account', t('Stored versions an account (GiB)'))}
        {amount('teams_per_account', t('Teams an account'), t('That a person may make; 0: administrators only.'))}
      </Group>
      <Group name={t('A team may have')}>
        {amount('workspaces_per_team', t('Workspaces a team'), t('All of its members’ together.'))}
        {amount('running_per_team', t('Running workspaces a team'), t('At the same time.'))}
        {storage('storage_per_team', t('Stored versions a team (GiB)'))}
      </Group>
      <Group name={t('Audit log')}>
        {amount('audit_days', t('Keep its lines for (days)'), t('0: for ever; 30 at least.'))}
      </Group>
      <Problem text={problem} />
      {saved && !problem && (
        <p className="form-success" role="status">
          {t('Saved.')}
        </p>
      )}
      <div className="row">
        <button className="button primary" disabled={busy}>
          {t('Save')}
        </button>
      </div>
    </form>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className="settings-group">
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}
