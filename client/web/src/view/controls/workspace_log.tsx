// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a workspace: its starts, ends and failures.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { state_word } from '../../model/state_words';
import { t } from '../../model/translation';
import type { GetWorkspaceLogEntry } from '../../protocol/messages';
import { exact_time } from '../pages/workspace_words';
import { Dialog } from './dialog';
import { Problem } from './form';

export default function WorkspaceLogDialog({
  name,
  load,
  on_close,
}: {
  name: string;
  /** Stays the same while the dialog is open. */
  load: () => Promise<GetWorkspaceLogEntry[]>;
  on_close: () => void;
}) {
  const [entries, set_entries] = useState<GetWorkspaceLogEntry[]>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    load().then(set_entries, (error: unknown) => set_problem(sentence_of(error)));
  }, [load]);
  return (
    <Dialog title={t`Log of ${name}`} wide on_close={on_close}>
      <Problem text={problem} />
      {!entries && !problem && <p className="muted">{t('Loading…')}</p>}
      {entries?.length === 0 && <p className="muted">{t('It was never started.')}</p>}
      {entries && entries.length > 0 && (
        <div className="workspace-log">
          <table aria-label={t`Log of ${name}`}>
            <tbody>
              {entries.map(({ at, state, reason }, index) => (
                <tr key={index}>
                  <td>{exact_time(at)}</td>
                  <td>
                    <span className={`pill ${state}`}>{state_word(state)}</span>
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
          {t('Close')}
        </button>
      </div>
    </Dialog>
  );
}
