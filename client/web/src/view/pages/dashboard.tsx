// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces as cards, and how much of its storage they take.
import { useCallback, useEffect, useState } from 'react';
import type { UploadItem } from '../../model/uploads';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { SearchField } from '../controls/search_field';
import { CreateDialog } from './create_dialog';
import { StorageLine } from './storage_meter';
import { TopBar } from './top_bar';
import { UploadCard } from './upload_card';
import { useDrop } from './upload_choice';
import { WorkspaceCards } from './workspace_cards';
import { t } from '../../model/translation';

const many = 8; // workspaces: from so many on it is worth searching them

export function Dashboard() {
  const { workspaces, uploads, storage, teams } = useApplication();
  useChanges(workspaces);
  useChanges(uploads);
  const [creating, set_creating] = useState<{ dropped?: UploadItem[] }>();
  const drop = useDrop((dropped) => {
    if (!creating && document.querySelector('[aria-modal="true"]')) return; // something else is being asked
    set_creating({ dropped });
  });
  const title = t('Workspaces · Berth');
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => workspaces.watch(), [workspaces]);
  useEffect(() => storage.watch(), [storage]);
  useEffect(() => void teams.load(), [teams]);

  const { query, owner } = workspaces.choice;
  const chosen = query !== '' || owner !== undefined;
  const shown = workspaces.list.filter((workspace) => !uploads.is_making(workspace));
  const create = () => set_creating({});
  return (
    <div className="page" {...drop.handlers}>
      <TopBar />
      <main className="content">
        {drop.over && !creating && (
          <div className="drop-hint" role="status">
            <Icon name="upload" size={28} />
            <p>{t('Drop it to make a workspace of it')}</p>
          </div>
        )}
        <div className="content-heading">
          <h1>{t('Workspaces')}</h1>
          {(workspaces.list.length + uploads.list.length > 0 || chosen) && (
            <button type="button" className="button primary" onClick={create}>
              <Icon name="add" /> {t('New workspace')}
            </button>
          )}
        </div>
        {workspaces.problem && workspaces.state === 'ready' && (
          <p className="form-problem" role="alert" style={{ marginBottom: 16 }}>
            {workspaces.problem}
          </p>
        )}
        <StorageLine />
        <Choice />
        <WorkspaceCards
          workspaces={workspaces}
          shown={shown}
          first={uploads.list.map((upload) => (
            <li key={`upload ${upload.id}`}>
              <UploadCard upload={upload} />
            </li>
          ))}
          empty={chosen ? <NothingLikeIt /> : <NothingYet create={create} />}
        />
      </main>
      {creating && (
        <CreateDialog
          key={dropped_name(creating.dropped)}
          dropped={creating.dropped}
          on_close={() => set_creating(undefined)}
        />
      )}
    </div>
  );
}

/** Tells one dropped thing from the next. */
function dropped_name(dropped: UploadItem[] | undefined): string {
  return dropped?.map(({ name }) => name).join('/') ?? '';
}

/** Which workspaces are shown: there once there is something to choose between. */
function Choice() {
  const { workspaces, teams, account } = useApplication();
  useChanges(workspaces);
  useChanges(teams);
  const { query, owner } = workspaces.choice;
  const search = useCallback(
    (text: string) => void workspaces.look_for({ ...workspaces.choice, query: text }),
    [workspaces],
  );
  const own = teams.items ?? [];
  const searching = query !== '' || workspaces.more || workspaces.list.length >= many;
  const choosing = own.length > 0 || owner !== undefined;
  if (!searching && !choosing) return null;
  return (
    <div className="workspace-choice row wrap" role="search" aria-label={t('Workspaces')}>
      <SearchField label={t('Find workspaces')} placeholder={t('Name or id')} first={query} search={search} />
      {choosing && (
        <select
          className="input"
          aria-label={t('Whose')}
          value={owner ?? ''}
          onChange={(event) =>
            void workspaces.look_for({ ...workspaces.choice, owner: event.target.value || undefined })
          }
        >
          <option value="">{t('Everybody’s')}</option>
          <option value={account.account?.id}>{t('Mine')}</option>
          {own.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function NothingYet({ create }: { create: () => void }) {
  return (
    <div className="empty-state card">
      <img src="/berth.svg" width={64} height={64} alt="" />
      <h2>{t('Nothing moored here yet')}</h2>
      <p>
        {t('A workspace is a Linux machine of your own with editor, terminals and previews. It starts in a moment.')}
      </p>
      <p>{t('You can also drop a folder or an archive here.')}</p>
      <button type="button" className="button primary" onClick={create}>
        <Icon name="add" /> {t('New workspace')}
      </button>
    </div>
  );
}

function NothingLikeIt() {
  const { workspaces } = useApplication();
  return (
    <div className="empty-state card">
      <Icon name="search" size={32} />
      <h2>{workspaces.asking ? t('Looking…') : t('No workspace is like that')}</h2>
      <p>{t('Search for a part of its name, or look among everybody’s.')}</p>
    </div>
  );
}
