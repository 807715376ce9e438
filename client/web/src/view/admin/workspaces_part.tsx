// SPDX-License-Identifier: GPL-3.0-or-later
// Everybody's workspaces: found, stopped, and what became of them.
import { useCallback, useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Administration } from '../../model/administration';
import type { AdminWorkspace, GetWorkspaceLogEntry, WorkspaceState } from '../../protocol/messages';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { Dialog } from '../controls/dialog';
import { Problem } from '../controls/form';
import { SearchField } from '../controls/search_field';
import { ago, TemplateMark, UseWords } from '../pages/workspace_words';
import { exact_time, ListBody } from './list_parts';

const states: WorkspaceState[] = ['running', 'starting', 'stopping', 'stopped', 'failed', 'deleting'];

export function WorkspacesPart({ administration }: { administration: Administration }) {
  const { workspaces } = administration;
  const [shown, set_shown] = useState<AdminWorkspace>();
  useEffect(() => void workspaces.load(), [workspaces]);
  const search = useCallback((query: string) => void workspaces.load({ ...workspaces.wish, query }), [workspaces]);
  const choose_state = (state: string) => {
    const { query } = workspaces.wish;
    void workspaces.load(state ? { query, state: state as WorkspaceState } : { query });
  };
  return (
    <section className="card panel-card" aria-labelledby="workspaces-heading">
      <h2 id="workspaces-heading">Workspaces</h2>
      <div className="row wrap admin-tools">
        <SearchField
          label="Find workspaces"
          placeholder="Name, id or owner"
          first={workspaces.wish.query}
          search={search}
        />
        <select
          className="input"
          aria-label="State"
          defaultValue={workspaces.wish.state ?? ''}
          onChange={(event) => choose_state(event.target.value)}
        >
          <option value="">In any state</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {state}
            </option>
          ))}
        </select>
      </div>
      <ListBody list={workspaces} none="No workspace is like that.">
        {(items) => (
          <table aria-label="Workspaces">
            <thead>
              <tr>
                <th scope="col">Workspace</th>
                <th scope="col">Owner</th>
                <th scope="col">State</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="visually-hidden">What to do</span>
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
      {shown && <LogDialog workspace={shown} administration={administration} on_close={() => set_shown(undefined)} />}
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
          <span className="tag">Team</span>
        ) : (
          <div className="muted">{workspace.owner_email}</div>
        )}
      </td>
      <td>
        <span className={`pill ${workspace.state}`}>{workspace.state}</span>
        {workspace.reason && <div className="muted reason">{workspace.reason}</div>}
        {workspace.state === 'running' && workspace.use && <UseWords use={workspace.use} />}
      </td>
      <td>
        {ago(workspace.last_used)}
        {workspace.started !== undefined && <div className="muted">started {ago(workspace.started)}</div>}
      </td>
      <td className="end">
        <button type="button" className="button small" aria-label={`Log of ${workspace.name}`} onClick={show_log}>
          Log
        </button>{' '}
        {workspace.state === 'running' && (
          <AskTwice
            label="Stop"
            about={workspace.name}
            question="Store and stop it?"
            yes="Stop it"
            disabled={stopping}
            run={stop}
          />
        )}
      </td>
    </tr>
  );
}

function LogDialog({
  workspace,
  administration,
  on_close,
}: {
  workspace: AdminWorkspace;
  administration: Administration;
  on_close: () => void;
}) {
  const [entries, set_entries] = useState<GetWorkspaceLogEntry[]>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    administration.workspace_log(workspace.id).then(set_entries, (error: unknown) => set_problem(sentence_of(error)));
  }, [administration, workspace.id]);
  return (
    <Dialog title={`Log of ${workspace.name}`} wide on_close={on_close}>
      <Problem text={problem} />
      {entries?.length === 0 && <p className="muted">It was never started.</p>}
      {entries && entries.length > 0 && (
        <div className="admin-table log">
          <table aria-label={`Log of ${workspace.name}`}>
            <tbody>
              {entries.map(({ at, state, reason }, index) => (
                <tr key={index}>
                  <td>{exact_time(at)}</td>
                  <td>
                    <span className={`pill ${state}`}>{state}</span>
                  </td>
                  <td className="reason">{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={on_close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
