// SPDX-License-Identifier: GPL-3.0-or-later
// A new workspace: from a template, a git repository, or a folder or archive of the person's.
import { useState } from 'react';
import { name_without_ending } from '../../model/project_uploads';
import type { UploadItem } from '../../model/uploads';
import { useApplication, useChanges } from '../application';
import { Dialog } from '../controls/dialog';
import { Field, Problem, text_field, useForm, useIsGone } from '../controls/form';
import { navigate } from '../router';
import { UploadChoice, useChosenUpload } from './upload_choice';
import { TemplateMark } from './workspace_words';

type Source = 'template' | 'git' | 'upload';

const sources: { source: Source; label: string }[] = [
  { source: 'template', label: 'Template' },
  { source: 'git', label: 'Git repository' },
  { source: 'upload', label: 'Upload' },
];

/** A repository's own name. */
function name_of_repository(url: string): string {
  return name_without_ending(url.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '');
}

/** `dropped`: what to upload, where the person dropped it before the dialog was there. */
export function CreateDialog({ dropped, on_close }: { dropped?: UploadItem[] | undefined; on_close: () => void }) {
  const { workspaces, uploads } = useApplication();
  useChanges(workspaces);
  const [source, set_source] = useState<Source>(dropped ? 'upload' : 'template');
  const [template, set_template] = useState(workspaces.templates[0]?.id ?? '');
  const upload = useChosenUpload(dropped);
  const template_name = workspaces.template(template)?.name ?? 'workspace';
  const is_gone = useIsGone();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const typed = text_field(fields, 'name').trim();
    if (source === 'upload') {
      if (!upload.chosen) throw new Error('Choose a folder or an archive first.');
      uploads.begin((typed || upload.chosen.name).slice(0, 80), upload.chosen.source);
      return on_close();
    }
    const url = text_field(fields, 'git_url').trim();
    const made =
      source === 'template'
        ? await workspaces.create(typed || `My ${template_name}`, template)
        : await workspaces.clone((typed || name_of_repository(url) || 'My workspace').slice(0, 80), 'empty', url);
    if (is_gone()) return await workspaces.remove(made.id);
    navigate(`/w/${made.id}`);
  });
  const placeholder = {
    template: `My ${template_name}`,
    git: 'As the repository is called',
    upload: upload.chosen?.name ?? 'As the folder or archive is called',
  }[source];
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
        {source === 'git' && <Repository />}
        {source === 'upload' && <UploadChoice upload={upload} />}
        <Field label="Name" name="name" maxLength={80} placeholder={placeholder} autoComplete="off" />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            Cancel
          </button>
          <button
            className="button primary"
            disabled={busy || template === '' || (source === 'upload' && upload.chosen === undefined)}
          >
            {busy ? 'Creating…' : 'Create and open'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Repository() {
  return (
    <Field
      label="Repository"
      hint="It is cloned inside the workspace; the IDE shows how far it is."
      name="git_url"
      maxLength={2000}
      required
      autoFocus
      placeholder="https://example.org/people/project.git"
      autoComplete="off"
      spellCheck={false}
    />
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
