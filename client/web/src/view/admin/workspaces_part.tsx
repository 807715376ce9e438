// SPDX-License-Identifier: GPL-3.0-or-later
// Everybody's workspaces: found, stopped, and what became of them.
import { useCallback, useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Administration } from '../../model/administration';
import { state_word } from '../../model/state_words';
import type { AdminWorkspace, WorkspaceState } from '../../protocol/messages';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import WorkspaceLogDialog from '../controls/workspace_log';
import { SearchField } from '../controls/search_field';
import { ago, TemplateMark, UseWords } from '../pages/workspace_words';
import { ListBody } from './list_parts';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

const states: WorkspaceState[] = ['running', 'starting', 'stopping', 'stopped', 'failed', 'deleting'];

export function WorkspacesPart({ administration }: { administration: Administration }) {
  const { workspaces } = administration;
  const [shown, set_shown] = useState<AdminWorkspace>();
  const shown_id = shown?.id ?? '';
  const load_log = useCallback(() => administration.workspace_log(shown_id), [administration, shown_id]);
  useEffect(() => void workspaces.load(), [workspaces]);
  const search = useCallback((query: string) => void workspaces.load({ ...workspaces.wish, query }), [workspaces]);
  const choose_state = (state: string) => {
    const { query } = workspaces.wish;
    void workspaces.load(state ? { query, state: state as WorkspaceState } : { query });
  };
  return (
    <section className="card panel-card" aria-labelledby="workspaces-heading">
      <h2 id="workspaces-heading">{t('Workspaces')}</h2>
      <div className="row wrap admin-tools">
        <SearchField
          label={t('Find workspaces')}
          placeholder={t('Name, id or owner')}
          first={workspaces.wish.query}
          search={search}
        />
        <select
          className="input"
          aria-label={t('State')}
          defaultValue={workspaces.wish.state ?? ''}
          onChange={(event) => choose_state(event.target.value)}
        >
          <option value="">{t('In any state')}</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {state_word(state)}
            </option>
          ))}
        </select>
      </div>
      <ListBody list={workspaces} none={t('No workspace is like that.')}>
        {(items) => (
          <table aria-label={t('Workspaces')}>
            <thead>
              <tr>
                <th scope="col">{t('Workspace')}</th>
                <th scope="col">{t('Owner')}</th>
                <th scope="col">{t('State')}</th>
                <th scope="col">{t('Last used')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('What to do')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((workspace) => (
                <WorkspaceRow
                  key={workspace.id}
                  workspace={workspace}
                  administration={administration}
                  show_log={() => set_shown(workspace)}
                />
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
      {shown && <WorkspaceLogDialog name={shown.name} load={load_log} on_close={() => set_shown(undefined)} />}
    </section>
  );
}

function WorkspaceRow({
  workspace,
  administration,
  show_log,
}: {
  workspace: AdminWorkspace;
  administration: Administration;
  show_log: () => void;
}) {
  const { notices } = useApplication();
  const [stopping, set_stopping] = useState(false);
  const stop = () => {
    set_stopping(true);
    administration
      .stop_workspace(workspace.id)
      .catch((error: unknown) => notices.problem(sentence_of(error)))
      .finally(() => set_stopping(false));
  };
  return (
    <tr>
      <td>
        <TemplateMark id={workspace.template_id} /> <strong>{workspace.name}</strong>
        <div className="muted mono">{workspace.id}</div>
      </td>
      <td>
        {workspace.owner_name}
        {workspace.owner_is_team ? (
          <span className="tag">{t('Team')}</span>
        ) : (
          <div className="muted">{workspace.owner_email}</div>
        )}
      </td>
      <td>
        <span className={`pill ${workspace.state}`}>{state_word(workspace.state)}</span>
        {workspace.reason && <div className="muted reason">{workspace.reason}</div>}
        {workspace.state === 'running' && workspace.use && <UseWords use={workspace.use} />}
      </td>
      <td>
        {ago(workspace.last_used)}
        {workspace.started !== undefined && <div className="muted">{rich('started {0}', ago(workspace.started))}</div>}
      </td>
      <td className="end">
        <button type="button" className="button small" aria-label={t`Log of ${workspace.name}`} onClick={show_log}>
          {t('Log')}
        </button>{' '}
        {workspace.state === 'running' && (
          <AskTwice
            label={t('Stop')}
            about={workspace.name}
            question={t('Store and stop it?')}
            yes={t('Stop it')}
            disabled={stopping}
            run={stop}
          />
        )}
      </td>
    </tr>
  );
}
