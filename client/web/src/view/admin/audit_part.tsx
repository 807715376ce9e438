// SPDX-License-Identifier: GPL-3.0-or-later
// Who did what, when, from where.
import { useEffect, type FormEvent } from 'react';
import type { Administration, AuditWish } from '../../model/administration';
import type { AuditEntry } from '../../protocol/messages';
import { useChanges } from '../application';
import { text_field } from '../controls/form';
import { Icon } from '../controls/icon';
import { exact_time } from '../pages/workspace_words';
import { ListBody } from './list_parts';
import { message, type Message, t } from '../../model/translation';

const means: Record<AuditEntry['by'], Message | undefined> = {
  sign_in: undefined,
  token: message('by token'),
  impersonation: message('acting as'),
  command: message('on the server'),
  system: message('the server itself'),
};

/** From the fields of the filter: days in the person's own time. */
function wish_of(fields: FormData): AuditWish {
  const text = (name: string) => text_field(fields, name).trim();
  const wish: AuditWish = {};
  if (text('actor')) wish.actor = text('actor');
  if (text('action')) wish.action = text('action');
  if (text('workspace')) wish.workspace = text('workspace');
  if (text('since')) wish.since = new Date(`${text('since')}T00:00:00`).getTime();
  if (text('until')) wish.until = new Date(`${text('until')}T23:59:59.999`).getTime();
  return wish;
}

export function AuditPart({ administration }: { administration: Administration }) {
  const { audit } = administration;
  useChanges(audit);
  useEffect(() => void audit.load(), [audit]);
  const filter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void audit.load(wish_of(new FormData(event.currentTarget)));
  };
  const { wish } = audit;
  return (
    <section className="card panel-card" aria-labelledby="audit-heading">
      <h2 id="audit-heading">{t('Audit log')}</h2>
      <p>
        {t(
          'Everything that was changed, who was refused, and failed sign-ins. Nobody can change it; the settings say how long it is kept.',
        )}
      </p>
      <form className="row wrap admin-tools" onSubmit={filter} aria-label={t('What to show')}>
        <input
          className="input"
          name="actor"
          aria-label={t('Who')}
          placeholder={t('E-mail or account id')}
          defaultValue={wish.actor}
        />
        <input
          className="input"
          name="action"
          aria-label={t('Action')}
          placeholder={t('Action, as SignIn')}
          defaultValue={wish.action}
        />
        <input
          className="input"
          name="workspace"
          aria-label={t('Workspace')}
          placeholder={t('Workspace id')}
          defaultValue={wish.workspace}
        />
        <input className="input" name="since" type="date" aria-label={t('From this day on')} />
        <input className="input" name="until" type="date" aria-label={t('To this day')} />
        <button className="button">
          <Icon name="search" size={14} /> {t('Show')}
        </button>
        <a className="button" href={administration.audit_address(wish)} download="berth-audit.ndjson">
          <Icon name="download" size={14} /> {t('Export')}
        </a>
      </form>
      <ListBody list={audit} none={t('Nothing like that happened.')}>
        {(items) => (
          <table aria-label={t('Audit log')}>
            <thead>
              <tr>
                <th scope="col">{t('When')}</th>
                <th scope="col">{t('Who')}</th>
                <th scope="col">{t('What')}</th>
                <th scope="col">{t('About')}</th>
                <th scope="col">{t('From')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((entry) => (
                <AuditRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
    </section>
  );
}

function AuditRow({ entry }: { entry: AuditEntry }) {
  const { as_email, as, ...data } = entry.data;
  return (
    <tr>
      <td className="time">{exact_time(entry.at)}</td>
      <td>
        {entry.actor_email || entry.actor || data['user'] || <span className="muted">{t('nobody signed in')}</span>}
        <div className="muted">
          {t(means[entry.by])} {entry.by === 'impersonation' && (as_email ?? as)}
        </div>
      </td>
      <td>
        <span className="mono">{entry.action}</span>
        {entry.outcome !== 'done' && <span className="tag danger">{entry.outcome}</span>}
      </td>
      <td className="about">
        {entry.workspace && <div className="mono">{entry.workspace}</div>}
        {entry.target && entry.target !== entry.workspace && <div className="mono">{entry.target}</div>}
        {Object.entries(data).map(([name, value]) => (
          <div key={name} className="muted">
            {name}: {value}
          </div>
        ))}
      </td>
      <td className="mono">{entry.address}</td>
    </tr>
  );
}
