// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a version: bring it back, name it, copy it into a workspace of its own, download it.
import { useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import type { PathProblem, Version } from '../../../protocol/messages';
import { base_name } from '../../../model/paths';
import { useApplication } from '../../application';
import { Dialog } from '../../controls/dialog';
import { Field, Problem, text_field, useForm } from '../../controls/form';
import { MenuButton, type MenuEntry } from '../../controls/menu';
import { Icon } from '../../controls/icon';
import { navigate } from '../../router';
import { useSession } from '../ide_context';
import { time_of, title_of } from './timeline';

/** One sentence for the person about a restore that has ended. */
export function restore_words(what: string, problems: PathProblem[]): string {
  const [first] = problems;
  if (!first) return `${what} was brought back. What was there before is a version of its own.`;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return `${what} was brought back, but not ${first.path}${more}: ${first.reason}`;
}

type Asking = 'restore' | 'name' | 'fork';

export function VersionActions({ version }: { version: Version }) {
  const session = useSession();
  const { history } = session;
  const [asking, set_asking] = useState<Asking>();
  const what = history.path ? base_name(history.path) : 'Everything';
  const download = (format: 'zip' | 'tar.gz') => {
    const link = document.createElement('a');
    link.href = history.archive_address(version, format);
    link.download = '';
    link.click();
  };
  const more = (): MenuEntry[] => [
    { kind: 'item', label: version.name ? 'Rename…' : 'Name it…', icon: 'pencil', run: () => set_asking('name') },
    { kind: 'item', label: 'New workspace from it…', icon: 'copy', run: () => set_asking('fork') },
    { kind: 'separator' },
    { kind: 'item', label: 'Download as zip', icon: 'download', run: () => download('zip') },
    { kind: 'item', label: 'Download as tar.gz', icon: 'download', run: () => download('tar.gz') },
  ];
  const close = () => set_asking(undefined);
  return (
    <div className="version-head">
      <div>
        <strong>{title_of(version)}</strong>
        <span className="muted">
          {new Date(version.created).toLocaleString()}
          {version.author && `, by ${version.author}`} · {version.files.toLocaleString()} files
        </span>
        {version.problems > 0 && (
          <span className="version-problem">
            <Icon name="warning" size={13} /> {version.problems} could not be stored
          </span>
        )}
      </div>
      <div className="row">
        <button type="button" className="button small" disabled={history.busy} onClick={() => set_asking('restore')}>
          <Icon name="undo" size={14} /> {history.path ? `Restore ${what}` : 'Restore all'}
        </button>
        <MenuButton label="More" entries={more}>
          <Icon name="more" />
        </MenuButton>
      </div>
      {asking === 'restore' && <RestoreDialog version={version} what={what} on_close={close} />}
      {asking === 'name' && <NameDialog version={version} on_close={close} />}
      {asking === 'fork' && <ForkDialog version={version} on_close={close} />}
    </div>
  );
}

function RestoreDialog({ version, what, on_close }: { version: Version; what: string; on_close: () => void }) {
  const { history } = useSession();
  const { notices } = useApplication();
  const { busy, problem, on_submit } = useForm(async () => {
    const problems = await history.restore(version, history.path || undefined);
    notices.show(restore_words(what, problems), { kind: problems.length > 0 ? 'problem' : 'success' });
    on_close();
  });
  return (
    <Dialog title={`Bring ${history.path ? what : 'everything'} back?`} on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <p>
          {history.path ? what : 'The whole workspace'} becomes what it was at {time_of(version)}. What is there now is
          stored first; files that the version does not have go to the trash.
        </p>
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            {busy ? 'Restoring…' : 'Restore'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function NameDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history } = useSession();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await history.rename(version, text_field(fields, 'name').trim());
    on_close();
  });
  return (
    <Dialog title="Name this version" on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <p>A version with a name is kept for ever. Without one it thins out with time.</p>
        <Field label="Name" name="name" defaultValue={version.name} maxLength={80} autoComplete="off" />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ForkDialog({ version, on_close }: { version: Version; on_close: () => void }) {
  const { history, workspace } = useSession();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const name = text_field(fields, 'name').trim() || `${workspace?.name ?? 'Workspace'} copy`;
    const made = await history.fork(version, name, workspace?.template_id ?? 'empty');
    navigate(`/w/${made.id}`);
  });
  return (
    <Dialog title="New workspace from this version" on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field
          label="Name"
          name="name"
          defaultValue={`${workspace?.name ?? 'Workspace'} copy`}
          maxLength={80}
          autoComplete="off"
        />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            {busy ? 'Creating…' : 'Create and open'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Stores what is there now under a name. */
export function KeepNowButton() {
  const { history } = useSession();
  const [asking, set_asking] = useState(false);
  return (
    <>
      <button type="button" className="button small" disabled={history.busy} onClick={() => set_asking(true)}>
        Keep a version…
      </button>
      {asking && <KeepNowDialog on_close={() => set_asking(false)} />}
    </>
  );
}

function KeepNowDialog({ on_close }: { on_close: () => void }) {
  const { history } = useSession();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await history.keep_now(text_field(fields, 'name').trim());
    on_close();
  });
  return (
    <Dialog title="Keep what is there now" on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field label="Name" name="name" maxLength={80} required placeholder="Before the rewrite" autoComplete="off" />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            {busy ? 'Storing…' : 'Keep'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Brings one file of the chosen version back. */
export function RestoreFileButton({ version, path }: { version: Version; path: string }) {
  const { history } = useSession();
  const { notices } = useApplication();
  const restore = async () => {
    try {
      const problems = await history.restore(version, path);
      notices.show(restore_words(base_name(path), problems), { kind: problems.length > 0 ? 'problem' : 'success' });
    } catch (error) {
      notices.problem(sentence_of(error));
    }
  };
  return (
    <button type="button" className="button small" disabled={history.busy} onClick={() => void restore()}>
      <Icon name="undo" size={14} /> Restore this file
    </button>
  );
}
