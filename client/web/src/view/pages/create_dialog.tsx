// SPDX-License-Identifier: GPL-3.0-or-later
// A new workspace, of one's own or a team's: from a template, a git repository, or a folder or archive of the person's.
import { useEffect, useState } from 'react';
import { name_without_ending } from '../../model/project_uploads';
import type { UploadItem } from '../../model/uploads';
import type { CreateWorkspaceBody, TeamTemplate } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Dialog } from '../controls/dialog';
import { Field, Problem, SelectField, text_field, useForm, useIsGone } from '../controls/form';
import { navigate } from '../router';
import { UploadChoice, useChosenUpload } from './upload_choice';
import { TemplateMark } from './workspace_words';
import { rich } from '../controls/rich';
import { message, type Message, t } from '../../model/translation';

type Source = 'template' | 'git' | 'upload';

const sources: { source: Source; label: Message }[] = [
  { source: 'template', label: message('Template') },
  { source: 'git', label: message('Git repository') },
  { source: 'upload', label: message('Upload') },
];

/** A repository's own name. */
function name_of_repository(url: string): string {
  return name_without_ending(url.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '');
}

/** What a workspace begins as: the server's template, or a team's (a workspace, or a version of it). */
interface Beginning {
  key: string;
  name: string;
  body: Pick<CreateWorkspaceBody, 'template_id' | 'from_workspace' | 'from_version'>;
}

const of_server = (id: string) => `server ${id}`;

function of_team({ workspace, name, template_id, version }: TeamTemplate): Beginning {
  const from_version = version === undefined ? {} : { from_version: version };
  return { key: `team ${workspace}`, name, body: { template_id, from_workspace: workspace, ...from_version } };
}

function useBeginnings(): Beginning[] {
  const { workspaces, teams } = useApplication();
  useChanges(workspaces);
  useChanges(teams);
  useEffect(() => void teams.load_templates(), [teams]);
  return [
    ...workspaces.templates.map(({ id, name }) => ({ key: of_server(id), name, body: { template_id: id } })),
    ...[...teams.templates.values()].flat().map(of_team),
  ];
}

/**
 * `dropped`: what to upload, where the person dropped it before the dialog was there. `team`: whose it is to be, unless the
 * person says otherwise.
 */
export function CreateDialog({
  dropped,
  team = '',
  on_close,
}: {
  dropped?: UploadItem[] | undefined;
  team?: string;
  on_close: () => void;
}) {
  const { workspaces, uploads } = useApplication();
  const [source, set_source] = useState<Source>(dropped ? 'upload' : 'template');
  const beginnings = useBeginnings();
  const [chosen, set_chosen] = useState('');
  const beginning = beginnings.find(({ key }) => key === chosen) ?? beginnings[0];
  const [owner, set_owner] = useState(team);
  const upload = useChosenUpload(dropped);
  const template_name = beginning?.name ?? 'workspace';
  const is_gone = useIsGone();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const typed = text_field(fields, 'name').trim();
    if (source === 'upload') {
      if (!upload.chosen) throw new Error(t('Choose a folder or an archive first.'));
      uploads.begin((typed || upload.chosen.name).slice(0, 80), upload.chosen.source, owner);
      return on_close();
    }
    const url = text_field(fields, 'git_url').trim();
    const usual = source === 'git' ? name_of_repository(url) || t('My workspace') : t`My ${template_name}`;
    const from = source === 'git' ? { template_id: 'empty', git_url: url } : beginning?.body;
    if (!from) return;
    const name = (typed || usual).slice(0, 80);
    const made = await workspaces.create({ name, ...from, ...(owner ? { team: owner } : {}) });
    if (is_gone()) return await workspaces.remove(made.id);
    navigate(`/w/${made.id}`);
  });
  const placeholder = {
    template: t`My ${template_name}`,
    git: t('As the repository is called'),
    upload: upload.chosen?.name ?? t('As the folder or archive is called'),
  }[source];
  return (
    <Dialog title={t('New workspace')} wide on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        <div className="segments" role="group" aria-label={t('Start from')}>
          {sources.map(({ source: kind, label }) => (
            <button key={kind} type="button" aria-pressed={source === kind} onClick={() => set_source(kind)}>
              {t(label)}
            </button>
          ))}
        </div>
        {source === 'template' && <TemplateLists chosen={beginning?.key} on_choose={set_chosen} />}
        {source === 'git' && <Repository />}
        {source === 'upload' && <UploadChoice upload={upload} />}
        <Field label={t('Name')} name="name" maxLength={80} placeholder={placeholder} autoComplete="off" />
        <OwnerChoice owner={owner} on_choose={set_owner} />
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            {t('Cancel')}
          </button>
          <button
            className="button primary"
            disabled={busy || !beginning || (source === 'upload' && upload.chosen === undefined)}
          >
            {busy ? t('Creating…') : t('Create and open')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whose it becomes; where the person is in no team there is nothing to choose. */
function OwnerChoice({ owner, on_choose }: { owner: string; on_choose: (id: string) => void }) {
  const { teams, account } = useApplication();
  const possible = teams.to_work_in();
  if (possible.length === 0) return null;
  return (
    <SelectField
      label={t('Owner')}
      value={possible.some(({ id }) => id === owner) ? owner : ''}
      onChange={(event) => on_choose(event.target.value)}
      options={[
        { value: '', label: t`${account.account?.name ?? ''} (you)` },
        ...possible.map(({ id, name }) => ({ value: id, label: t`${name} (team)` })),
      ]}
    />
  );
}

function Repository() {
  return (
    <Field
      label={t('Repository')}
      hint={t('It is cloned inside the workspace; the IDE shows how far it is.')}
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

/** The server's templates, and those of each team that offers some. */
function TemplateLists({ chosen, on_choose }: { chosen: string | undefined; on_choose: (key: string) => void }) {
  const { workspaces, teams } = useApplication();
  const choice = (key: string, id: string, name: string, about: string) => (
    <label key={key} className="template-choice">
      <input
        type="radio"
        name="template"
        value={key}
        checked={chosen === key}
        onChange={() => on_choose(key)}
        data-autofocus={chosen === key ? '' : undefined}
      />
      <TemplateMark id={id} />
      <span className="words">
        <strong>{name}</strong>
        <span className="about">{about}</span>
      </span>
    </label>
  );
  return (
    <div className="template-lists">
      <fieldset className="template-list">
        <legend>{t('Start from')}</legend>
        {workspaces.templates.map(({ id, name, description }) => choice(of_server(id), id, name, description))}
      </fieldset>
      {(teams.items ?? []).map(({ id, name }) => {
        const offered = teams.templates.get(id) ?? [];
        if (offered.length === 0) return null;
        return (
          <fieldset key={id} className="template-list">
            <legend>{rich('Templates of {0}', name)}</legend>
            {offered.map((one) => choice(of_team(one).key, one.template_id, one.name, one.description))}
          </fieldset>
        );
      })}
    </div>
  );
}
