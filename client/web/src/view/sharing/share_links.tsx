// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog's links: whoever has one and an account here comes in by it. Its address is shown once.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { day } from '../../model/access_tokens';
import { role_words } from '../../model/roles';
import type { GivenRole, Sharing } from '../../model/sharing';
import type { ShareLink } from '../../protocol/messages';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { CopyField } from '../controls/copy_field';
import { Problem, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { RoleChoice, workspace_roles } from './role_choice';
import { current_locale, message, plural, t } from '../../model/translation';

const lives = [
  { value: '1', label: message('for a day') },
  { value: '7', label: message('for 7 days') },
  { value: '30', label: message('for 30 days') },
  { value: '', label: message('without an end') },
];

export function ShareLinks({ sharing }: { sharing: Sharing }) {
  const [role, set_role] = useState<GivenRole>('viewer');
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const days = text_field(fields, 'days');
    await sharing.make_link(role, days === '' ? undefined : Date.now() + Number(days) * day);
  });
  return (
    <section aria-label={t('Links')}>
      <h3>{t('Links')}</h3>
      <p className="muted">{t('Anyone who has the link, and an account here, can join by it.')}</p>
      {sharing.made && (
        <CopyField
          key={sharing.made.link.id}
          label={t('Copy it now: it is not shown again')}
          text={sharing.made.url}
          chosen
        />
      )}
      {sharing.links.length > 0 && (
        <ul className="things">
          {sharing.links.map((link) => (
            <LinkRow key={link.id} sharing={sharing} link={link} />
          ))}
        </ul>
      )}
      <form className="link-form" onSubmit={on_submit}>
        <RoleChoice
          label={t('What people with the link may do')}
          of={workspace_roles}
          role={role}
          on_choose={set_role}
        />
        <select className="input" name="days" aria-label={t('How long the link works')} defaultValue="7">
          {lives.map(({ value, label }) => (
            <option key={value} value={value}>
              {t(label)}
            </option>
          ))}
        </select>
        <button className="button" disabled={busy}>
          <Icon name="add" size={14} /> {t('Make a link')}
        </button>
      </form>
      <Problem text={problem} />
    </section>
  );
}

function LinkRow({ sharing, link }: { sharing: Sharing; link: ShareLink }) {
  const { notices } = useApplication();
  const { id, role, created, expires, uses } = link;
  const made = new Date(created).toLocaleDateString(current_locale());
  return (
    <li>
      <Icon name="globe" size={20} />
      <div className="thing-text">
        <strong>{t(role_words[role]?.may)}</strong>
        <p className="muted">
          {[
            t`made ${made}`,
            expires === undefined
              ? t('without an end')
              : t`until ${new Date(expires).toLocaleString(current_locale())}`,
            plural(uses, 'used once', 'used {n} times'),
          ].join(' · ')}
        </p>
      </div>
      <AskTwice
        label={t('End')}
        about={t`the link made ${made}`}
        question={t('Nobody joins by it then.')}
        yes={t('End the link')}
        run={() => void sharing.remove_link(id).catch((error: unknown) => notices.problem(sentence_of(error)))}
      />
    </li>
  );
}
