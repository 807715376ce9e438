// SPDX-License-Identifier: GPL-3.0-or-later
// The account's storage for versions: used and allowed, and which workspaces hold the most.
import { useEffect, useRef, useState } from 'react';
import type { HeldBytes } from '../../model/account_storage';
import { readable_bytes } from '../../model/sizes';
import type { Workspace } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Problem } from '../controls/form';
import { Link } from '../router';
import { level_sentence, StorageMeter } from './storage_meter';
import { DeleteDialog } from './workspace_dialogs';
import { rich } from '../controls/rich';
import { plural, t } from '../../model/translation';

const most_shown = 8;

export function StorageCard() {
  const { storage, workspaces, account } = useApplication();
  useChanges(storage);
  useChanges(workspaces);
  const place = useRef<HTMLElement>(null);
  const [deleting, set_deleting] = useState<Workspace>();
  useEffect(() => storage.watch(), [storage]);
  const owner = account.account?.id;
  useEffect(() => {
    if (owner) void storage.look_at_those_of(owner);
  }, [storage, owner]);

  const complete = storage.held !== undefined && storage.level !== 'unknown';
  useEffect(() => {
    if (complete && location.hash === '#storage') place.current?.scrollIntoView(); // not before it has its height
  }, [complete]);

  const sentence = level_sentence(storage.level);
  const held = storage.held?.filter(({ workspace }) => !workspaces.removed.has(workspace.id)) ?? [];
  return (
    <section ref={place} id="storage" className="card panel-card">
      <h2>{t('Storage')}</h2>
      <p>
        {t(
          'What the versions of your workspaces take. What is the same in several of them is stored once, compressed.',
        )}
      </p>
      <Problem text={storage.problem} />
      <StorageMeter />
      {sentence && (
        <p className="storage-advice" role="status">
          {rich(
            '{0} Delete a workspace that you no longer need, or download it first; take the name from versions that need not be kept for ever. The room is there within a day. An administrator can also give you more.',
            sentence,
          )}
        </p>
      )}
      {held.length > 0 && (
        <table className="held">
          <caption>{t('Largest workspaces, by the files of their newest version')}</caption>
          <tbody>
            {held.slice(0, most_shown).map((one) => (
              <HeldRow key={one.workspace.id} held={one} most={held[0]?.bytes ?? 1} on_delete={set_deleting} />
            ))}
          </tbody>
        </table>
      )}
      {deleting && (
        <DeleteDialog workspace={deleting} workspaces={workspaces} on_close={() => set_deleting(undefined)} />
      )}
    </section>
  );
}

function HeldRow({ held, most, on_delete }: { held: HeldBytes; most: number; on_delete: (one: Workspace) => void }) {
  const { workspace, bytes, files } = held;
  return (
    <tr>
      <th scope="row" title={workspace.name}>
        {workspace.name}
        <span className="share" aria-hidden="true">
          <span style={{ width: `${(100 * bytes) / Math.max(most, 1)}%` }} />
        </span>
      </th>
      <td className="amount">{readable_bytes(bytes)}</td>
      <td className="amount wide-only">{plural(files, '{n} file', '{n} files')}</td>
      <td className="actions">
        <Link href={`/w/${workspace.id}/history`} className="button small" aria-label={t`History of ${workspace.name}`}>
          {t('History')}
        </Link>
        <button
          type="button"
          className="button small"
          aria-label={t`Delete ${workspace.name}`}
          disabled={workspace.state === 'deleting'}
          onClick={() => on_delete(workspace)}
        >
          {t('Delete…')}
        </button>
      </td>
    </tr>
  );
}
