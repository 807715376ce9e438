// SPDX-License-Identifier: GPL-3.0-or-later
// The server's settings as a form; what is not in it stays.
import { useState } from 'react';
import type { Settings } from '../../protocol/messages';
import { useApplication } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';

const gibibyte = 2 ** 30;

export function SettingsForm({ settings }: { settings: Settings }) {
  const { rest, account } = useApplication();
  const [saved, set_saved] = useState(false);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_saved(false);
    const number = (name: string) => Number(text_field(fields, name));
    await rest.call('UpdateSettings', {
      body: {
        registration_open: fields.get('registration_open') === 'on',
        idle_stop_minutes: number('idle_stop_minutes'),
        maximum_life_minutes: number('maximum_life_minutes'),
        workspaces_per_account: number('workspaces_per_account'),
        running_per_account: number('running_per_account'),
        storage_per_account: Math.round(number('storage_gib') * gibibyte),
        registration_domains: text_field(fields, 'registration_domains')
          .split(/[\s,;]+/)
          .filter(Boolean),
      },
    });
    set_saved(true);
    await account.load();
  });
  const amount = (name: keyof Settings, label: string, hint: string) => (
    <Field
      label={label}
      hint={hint}
      name={name}
      type="number"
      min={0}
      step={1}
      required
      defaultValue={Number(settings[name])}
    />
  );
  return (
    <form className="card panel-card form" onSubmit={on_submit}>
      <Problem text={problem} />
      {saved && <p className="form-success">Saved.</p>}
      <label className="switch">
        <input type="checkbox" name="registration_open" defaultChecked={settings.registration_open} />
        <span>
          <strong>Registration is open</strong>
          <br />
          <span className="muted">Anyone who reaches this server can make an account.</span>
        </span>
      </label>
      <Field
        label="E-mail domains that may register"
        hint="With commas between, “example.org, example.com”; empty: any. Accounts that there are stay."
        name="registration_domains"
        placeholder="any"
        autoComplete="off"
        defaultValue={settings.registration_domains.join(', ')}
      />
      {amount(
        'idle_stop_minutes',
        'Stop idle workspaces after (minutes)',
        '0: never. People are warned two minutes before.',
      )}
      {amount('maximum_life_minutes', 'Longest life of a running workspace (minutes)', '0: unlimited.')}
      {amount('workspaces_per_account', 'Workspaces an account', 'Running and stopped ones together.')}
      {amount('running_per_account', 'Running workspaces an account', 'At the same time.')}
      <Field
        label="Stored versions an account (GiB)"
        hint="Deduplicated and compressed; 0: unlimited."
        name="storage_gib"
        type="number"
        min={0}
        step="any"
        required
        defaultValue={settings.storage_per_account / gibibyte}
      />
      <div className="row">
        <button className="button primary" disabled={busy}>
          Save
        </button>
      </div>
    </form>
  );
}
