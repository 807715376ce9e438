// SPDX-License-Identifier: GPL-3.0-or-later
// Create from a template, rename, delete.
import { useState } from 'react';
import type { Workspace } from '../../protocol/messages';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Dialog } from '../controls/dialog';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { navigate } from '../router';
import { TemplateMark } from './workspace_words';

type Source = 'template' | 'git' | 'upload';

const sources: { source: Source; label: string }[] = [
  { source: 'template', label: 'Template' },
  { source: 'git', label: 'Git repository' },
  { source: 'upload', label: 'Archive' },
];

/** A repository's or an archive's own name. */
function name_of_source(fields: FormData): string {
  const archive = fields.get('archive');
  const path = archive instanceof File ? archive.name : text_field(fields, 'git_url').trim();
  const last = path.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '';
  return last.replace(/\.(git|zip|tar(\.\w+)?|t[gx]z|tzst)$/i, '');
}

export function CreateDialog({ on_close }: { on_close: () => void }) {
  const { workspaces } = useApplication();
  useChanges(workspaces);
  const [source, set_source] = useState<Source>('template');
  const [template, set_template] = useState(workspaces.templates[0]?.id ?? '');
  const template_name = workspaces.template(template)?.name ?? 'workspace';
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const typed = text_field(fields, 'name').trim();
    if (source === 'template') {
      const made = await workspaces.create(typed || `My ${template_name}`, template);
      return navigate(`/w/${made.id}`);
    }
    const name = (typed || name_of_source(fields) || 'My workspace').slice(0, 80);
    const archive = fields.get('archive');
    const made =
      source === 'upload' && archive instanceof File
        ? await workspaces.upload(name, 'empty', archive)
        : await workspaces.clone(name, 'empty', text_field(fields, 'git_url').trim());
    navigate(`/w/${made.id}`);
  });
  const wait = { template: 'Creating…', git: 'Creating…', upload: 'Uploading…' }[source];
  return (
    <Dialog title="New workspace" wide on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <div className="segments" role="group" aria-label="Start from">
          {sources.map(({ source: kind, label }) => (
            <button key={kind} type="button" aria-pressed={source === kind} onClick={() => set_source(kind)}>
              {label}
            </button>
          ))}
        </div>
        {source === 'template' && <TemplateList chosen={template} on_choose={set_template} />}
        {source === 'git' && (
          <>
            <Field
              label="Repository"
              name="git_url"
              maxLength={2000}
              required
              autoFocus
              placeholder="https://example.org/people/project.git"
              autoComplete="off"
              spellCheck={false}
            />
            <p className="muted">It is cloned inside the workspace; the IDE shows how far it is.</p>
          </>
        )}
        {source === 'upload' && (
          <Field
            label="Archive (zip, tar, tar.gz, tar.xz, tar.zst)"
            name="archive"
            type="file"
            accept=".zip,.tar,.tgz,.gz,.txz,.xz,.tzst,.zst"
            required
          />
        )}
        <Field
          label="Name"
          name="name"
          maxLength={80}
          placeholder={source === 'template' ? `My ${template_name}` : 'As the project is called'}
          autoComplete="off"
        />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy || template === ''}>
            {busy ? wait : 'Create and open'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function TemplateList({ chosen, on_choose }: { chosen: string; on_choose: (id: string) => void }) {
  const { workspaces } = useApplication();
  return (
    <fieldset className="template-list">
      <legend>Start from</legend>
      {workspaces.templates.map(({ id, name, description }) => (
        <label key={id} className="template-choice">
          <input
            type="radio"
            name="template"
            value={id}
            checked={chosen === id}
            onChange={() => on_choose(id)}
            data-autofocus={chosen === id ? '' : undefined}
          />
          <TemplateMark id={id} />
          <span>
            <strong>{name}</strong>
            <span className="about">{description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function RenameDialog({ workspace, on_close }: { workspace: Workspace; on_close: () => void }) {
  const { workspaces } = useApplication();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    await workspaces.rename(workspace.id, text_field(fields, 'name').trim());
    on_close();
  });
  return (
    <Dialog title="Rename workspace" on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <Field label="Name" name="name" defaultValue={workspace.name} maxLength={80} required autoComplete="off" />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button primary" disabled={busy}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Deleting can't be undone, so it asks for the name: a slip of the hand is not enough. */
export function DeleteDialog({ workspace, on_close }: { workspace: Workspace; on_close: () => void }) {
  const { workspaces, notices } = useApplication();
  const [typed, set_typed] = useState('');
  const remove = () => {
    on_close();
    workspaces.remove(workspace.id).then(
      () => notices.show(`“${workspace.name}” was deleted.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  };
  return (
    <Dialog title={`Delete “${workspace.name}”?`} on_close={on_close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === workspace.name.trim()) remove();
        }}
      >
        <p>Its files, terminals and installed packages are deleted for good. This can’t be undone.</p>
        <Field
          label="Type its name to confirm"
          value={typed}
          onChange={(event) => set_typed(event.target.value)}
          placeholder={workspace.name}
          autoComplete="off"
        />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button className="button danger" disabled={typed.trim() !== workspace.name.trim()}>
            Delete for good
          </button>
        </div>
      </form>
    </Dialog>
  );
}
