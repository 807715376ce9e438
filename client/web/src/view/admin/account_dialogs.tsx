// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked before an administrator changes a person's account, or a team's.
import { useState } from 'react';
import type { Administration } from '../../model/administration';
import type { AdminAccount, Quota } from '../../protocol/messages';
import { useApplication } from '../application';
import { CopyField } from '../controls/copy_field';
import { Dialog } from '../controls/dialog';
import { Field, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { message, t } from '../../model/translation';

export type AccountDeed = 'quota' | 'reset' | 'impersonate' | 'promote' | 'demote' | 'disable';

interface Asked {
  administration: Administration;
  account: AdminAccount;
  on_close: () => void;
}

const gibibyte = 2 ** 30;

/** A team has no address. */
export function name_of({ team, name, email }: AdminAccount): string {
  return team ? name : email;
}

export function AccountDialog({ kind, ...asked }: Asked & { kind: AccountDeed }) {
  if (kind === 'quota') return <QuotaDialog {...asked} />;
  if (kind === 'reset') return <ResetDialog {...asked} />;
  if (kind === 'impersonate') return <ImpersonateDialog {...asked} />;
  return <ChangeDialog {...asked} kind={kind === 'disable' && asked.account.team ? 'disable_team' : kind} />;
}

const questions = {
  promote: {
    title: message('Make administrator'),
    text: message(
      'They will see every account and workspace, change the server’s settings, and can take your own rights away.',
    ),
    yes: message('Make administrator'),
    body: { administrator: true },
    danger: false,
  },
  demote: {
    title: message('No administrator any more'),
    text: message('They keep their account and workspaces.'),
    yes: message('Take the rights away'),
    body: { administrator: false },
    danger: true,
  },
  disable: {
    title: message('Disable account'),
    text: message(
      'They are signed out everywhere at once, and their running workspaces are stored and stopped. Nothing is deleted; enabling brings all of it back.',
    ),
    yes: message('Disable'),
    body: { disabled: true },
    danger: true,
  },
  disable_team: {
    title: message('Disable team'),
    text: message(
      'Nobody can use its workspaces any more; those that run are stored and stopped. Nothing is deleted, and its members keep what is their own; enabling brings all of it back.',
    ),
    yes: message('Disable'),
    body: { disabled: true },
    danger: true,
  },
};

function ChangeDialog({ administration, account, on_close, kind }: Asked & { kind: keyof typeof questions }) {
  const { title, text, yes, body, danger } = questions[kind];
  const own = useApplication().account;
  const send = async () => {
    await administration.update_account(account.id, body);
    if (own.account?.id === account.id) await own.load();
  };
  return (
    <FormDialog
      title={`${t(title)}: ${name_of(account)}`}
      yes={t(yes)}
      look={danger ? 'danger' : 'primary'}
      sure
      send={send}
      on_close={on_close}
    >
      <p>{t(text)}</p>
    </FormDialog>
  );
}

/** An empty field is "as the settings say". */
export function quota_of(fields: FormData): Quota {
  const number = (name: string): number | undefined => {
    const text = text_field(fields, name).trim();
    return text === '' ? undefined : Number(text);
  };
  const quota: Quota = {};
  const workspaces = number('workspaces');
  const running = number('running');
  const storage = number('storage');
  if (workspaces !== undefined) quota.workspaces = workspaces;
  if (running !== undefined) quota.running = running;
  if (storage !== undefined) quota.storage = Math.round(storage * gibibyte);
  return quota;
}

function QuotaDialog({ administration, account, on_close }: Asked) {
  const send = (fields: FormData) => administration.update_account(account.id, { quota: quota_of(fields) });
  const { quota } = account;
  const usual = t('as in the settings');
  return (
    <FormDialog title={t`Quota: ${name_of(account)}`} yes={t('Save')} send={send} on_close={on_close}>
      <p>
        {t('What is left empty is as the server’s settings say. It holds from the next workspace, start or file on')}
        {account.team ? t(', for all of the team together') : ''}.
      </p>
      <Field
        label={t('Workspaces')}
        name="workspaces"
        type="number"
        min={0}
        step={1}
        placeholder={usual}
        defaultValue={quota.workspaces}
      />
      <Field
        label={t('Running workspaces')}
        name="running"
        type="number"
        min={0}
        step={1}
        placeholder={usual}
        defaultValue={quota.running}
      />
      <Field
        label={t('Stored versions (GiB)')}
        name="storage"
        type="number"
        min={0}
        step="any"
        hint={t('0: no limit.')}
        placeholder={usual}
        defaultValue={quota.storage === undefined ? undefined : quota.storage / gibibyte}
      />
    </FormDialog>
  );
}

function ResetDialog({ administration, account, on_close }: Asked) {
  const [url, set_url] = useState('');
  if (url) {
    return (
      <Dialog title={t`Reset: ${account.email}`} on_close={on_close}>
        <p>{t('Send them this link on a way that you trust. It sets a password, once, within half an hour.')}</p>
        <CopyField label={t('Link')} text={url} chosen />
        <div className="row end">
          <button type="button" className="button primary" onClick={on_close}>
            {t('Done')}
          </button>
        </div>
      </Dialog>
    );
  }
  const send = async (fields: FormData) => {
    set_url(await administration.reset_account(account.id, fields.get('remove_second_factor') === 'on'));
    return 'stay' as const;
  };
  return (
    <FormDialog title={t`Reset: ${account.email}`} yes={t('Reset')} look="danger" send={send} on_close={on_close}>
      <p>
        {t(
          'Ends their password, linked accounts elsewhere, sign-ins and access tokens at once, and gives you a link by which they set a new password.',
        )}
      </p>
      <label className="switch">
        <input type="checkbox" name="remove_second_factor" />
        <span>
          <strong>{t('Take the second factor away')}</strong>
          <br />
          <span className="muted">{t('When they have lost their device and their recovery codes.')}</span>
        </span>
      </label>
    </FormDialog>
  );
}

function ImpersonateDialog({ administration, account, on_close }: Asked) {
  const send = async (fields: FormData) => {
    await administration.impersonate(account.id, text_field(fields, 'reason').trim());
    location.assign('/'); // everything this page knows is another person's now
    return 'stay' as const;
  };
  return (
    <FormDialog title={t`Act as ${account.email}`} yes={t('Act as them')} send={send} on_close={on_close}>
      <p>
        {t(
          'For 30 minutes you see and do what they can, in this browser. Their account itself stays theirs to change. The audit log tells who did it, and why.',
        )}
      </p>
      <Field label={t('Reason')} name="reason" maxLength={200} required autoComplete="off" autoFocus />
    </FormDialog>
  );
}
