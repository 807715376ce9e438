// SPDX-License-Identifier: GPL-3.0-or-later
// The teams that the person is in, and making one.
import { useEffect, useState } from 'react';
import '../../styles/teams.css';
import { team_role_words } from '../../model/roles';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { Icon } from '../controls/icon';
import { PageFrame } from '../pages/page_frame';
import { Link, navigate } from '../router';
import { TeamMark } from './team_mark';
import { plural, t, within } from '../../model/translation';

export default function TeamsPage() {
  const { teams } = useApplication();
  useChanges(teams);
  const [creating, set_creating] = useState(false);
  useEffect(() => void teams.load(), [teams]);
  const { items, problem, may_make } = teams;
  const create = (
    <button
      type="button"
      className="button primary"
      disabled={may_make === 0}
      title={may_make === 0 ? t('You can’t make more teams. An administrator can.') : undefined}
      onClick={() => set_creating(true)}
    >
      <Icon name="add" /> {t('New team')}
    </button>
  );
  return (
    <PageFrame title={t('Teams')} heading={t('Teams')} actions={items && items.length > 0 ? create : undefined}>
      <Problem text={problem} />
      {problem && (
        <button type="button" className="button small" onClick={() => void teams.load()}>
          {t('Try again')}
        </button>
      )}
      {!items && !problem && (
        <div className="workspace-grid" aria-busy="true">
          <div className="skeleton" />
        </div>
      )}
      {items?.length === 0 && (
        <div className="empty-state card">
          <Icon name="people" size={40} />
          <h2>{t('You are in no team yet')}</h2>
          <p>
            {t(
              'In a team, people have workspaces, templates and a quota together: who is in it comes to all of its workspaces.',
            )}
          </p>
          {may_make > 0 ? create : <p>{t('Ask whoever has a team to invite you, or an administrator to make one.')}</p>}
        </div>
      )}
      {items && items.length > 0 && (
        <ul className="workspace-grid" aria-label={t('Teams')}>
          {items.map(({ id, name, role, members, disabled }) => (
            <li key={id}>
              <article className="card workspace-card team-card" aria-label={name}>
                <div className="head">
                  <TeamMark name={name} />
                  <div className="names">
                    <h2 title={name}>
                      <Link href={`/teams/${id}`}>{name}</Link>
                    </h2>
                    <p className="muted">
                      {plural(members, '{n} member', '{n} members')} · {within(t(team_role_words[role]?.name))}
                    </p>
                  </div>
                  {disabled && <span className="pill failed">{t('disabled')}</span>}
                </div>
              </article>
            </li>
          ))}
        </ul>
      )}
      {creating && <NewTeamDialog on_close={() => set_creating(false)} />}
    </PageFrame>
  );
}

function NewTeamDialog({ on_close }: { on_close: () => void }) {
  const { teams } = useApplication();
  const send = async (fields: FormData) => {
    const { id } = await teams.create(text_field(fields, 'name').trim());
    navigate(`/teams/${id}/members`);
  };
  return (
    <FormDialog
      title={t('New team')}
      yes={t('Make the team')}
      meanwhile={t('Making it…')}
      send={send}
      on_close={on_close}
    >
      <p>{t('You are its owner, and can make others owners, too.')}</p>
      <Field
        label={t('Name')}
        name="name"
        maxLength={80}
        required
        autoComplete="off"
        placeholder={t('Analytical engines')}
      />
    </FormDialog>
  );
}
