// SPDX-License-Identifier: GPL-3.0-or-later
// What a team offers as templates: workspaces of it that its members begin new ones as.
import { useState } from 'react';
import type { TeamDetails } from '../../model/team_details';
import type { TeamTemplate } from '../../protocol/messages';
import { Icon } from '../controls/icon';
import { TeamTemplateDialog } from '../pages/team_template_dialog';
import { ago, TemplateMark } from '../pages/workspace_words';
import { Link } from '../router';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function TeamTemplates({ details }: { details: TeamDetails }) {
  const [changing, set_changing] = useState<TeamTemplate>();
  const { templates, team, id } = details;
  const may_change = details.owns() && !team?.disabled;
  const owner = { id, name: team?.name ?? '', email: '', team: true };
  return (
    <section className="card panel-card" aria-labelledby="templates-heading">
      <h2 id="templates-heading">{t('Templates')}</h2>
      <p>{t('Everybody in the team can begin a workspace as one of these, for themselves or for the team.')}</p>
      {templates.length === 0 && (
        <div className="empty-state">
          <Icon name="copy" size={32} />
          <p>
            {rich(
              'There is none yet. {0}',
              may_change && t('Choose “Use as team template” in the menu of one of its workspaces.'),
            )}
          </p>
        </div>
      )}
      <ul className="things" aria-label={t('Templates')}>
        {templates.map((template) => (
          <li key={template.workspace}>
            <TemplateMark id={template.template_id} />
            <div className="thing-text">
              <strong>{template.name}</strong>
              {template.description && <p>{template.description}</p>}
              <p className="muted">
                {rich(
                  '{0} · changed {1}',
                  template.version === undefined
                    ? t('Begins as its newest version')
                    : t('Begins as a version with a name'),
                  ago(template.changed),
                )}
              </p>
            </div>
            <span className="row">
              <Link href={`/w/${template.workspace}/history`} className="button small">
                {t('History')}
              </Link>
              {may_change && (
                <button
                  type="button"
                  className="button small"
                  aria-label={t`Change ${template.name}`}
                  onClick={() => set_changing(template)}
                >
                  {t('Change…')}
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {changing && (
        <TeamTemplateDialog
          workspace={{ id: changing.workspace, name: changing.name, owner }}
          on_close={() => set_changing(undefined)}
          on_changed={() => void details.load()}
        />
      )}
    </section>
  );
}
