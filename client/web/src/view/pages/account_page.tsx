// SPDX-License-Identifier: GPL-3.0-or-later
// Profile, password, theme, and the end of every sign-in.
import { useEffect, useState } from 'react';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { StorageCard } from './storage_card';
import { TerminalTasteCard } from './terminal_taste';
import { TopBar } from './top_bar';

export function AccountPage() {
  useEffect(() => {
    document.title = 'Account · Berth';
  }, []);
  return (
    <div className="page">
      <TopBar />
      <main className="content narrow">
        <div className="content-heading">
          <h1>Account</h1>
        </div>
        <Profile />
        <Theme />
        <TerminalTasteCard />
        <StorageCard />
        <Password />
        <SignOutEverywhere />
      </main>
    </div>
  );
}

function Profile() {
  const { account } = useApplication();
  useChanges(account);
  const [saved, set_saved] = useState(false);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    set_saved(false);
    await account.update({ name: text_field(fields, 'name'), email: text_field(fields, 'email') });
    set_saved(true);
  });
  return (
    <section className="card panel-card">
      <h2>Profile</h2>
      <p>Your name is shown to people you share with.</p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved && <p className="form-success">Saved.</p>}
        <Field
          label="Name"
          name="name"
          defaultValue={account.account?.name}
          required
          maxLength={80}
          autoComplete="name"
        />
        <Field
          label="E-mail"
          name="email"
          type="email"
          defaultValue={account.account?.email}
          required
          autoComplete="email"
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </section>
  );
}

const themes = [
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
  ['system', 'System', 'system'],
] as const;

function Theme() {
  const { preferences } = useApplication();
  useChanges(preferences);
  return (
    <section className="card panel-card">
      <h2>Theme</h2>
      <p>Remembered in this browser.</p>
      <div className="theme-choice" role="radiogroup" aria-label="Theme">
        {themes.map(([choice, label, icon]) => (
          <label key={choice}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === choice}
              onChange={() => preferences.set_theme(choice)}
            />
            <Icon name={icon} size={14} /> {label}
          </label>
        ))}
      </div>
    </section>
  );
}

function Password() {
  const { account } = useApplication();
  const [saved, set_saved] = useState(0);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await account.change_password({
      current_password: text_field(fields, 'current'),
      new_password: text_field(fields, 'new'),
    });
    set_saved((count) => count + 1);
  });
  return (
    <section className="card panel-card">
      <h2>Password</h2>
      <p>Changing it signs you out everywhere else.</p>
      {/* A new key empties the fields after each change. */}
      <form key={saved} className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {saved > 0 && !problem && <p className="form-success">Your password was changed.</p>}
        <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint="At least 10 characters."
          required
        />
        <div className="row">
          <button className="button primary" disabled={busy}>
            Change password
          </button>
        </div>
      </form>
    </section>
  );
}

function SignOutEverywhere() {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm(() => account.sign_out(true));
  return (
    <section className="card panel-card">
      <h2>Sign out everywhere</h2>
      <p>Ends this sign-in and all others, and closes their open workspaces at once. Workspaces go on running.</p>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <div className="row">
          <button className="button" disabled={busy}>
            <Icon name="sign_out" /> Sign out everywhere
          </button>
        </div>
      </form>
    </section>
  );
}
