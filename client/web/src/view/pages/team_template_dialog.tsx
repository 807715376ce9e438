// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace of a team becomes one of its templates: under which name, as which version; or is offered no longer.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { TeamDetails } from '../../model/team_details';
import type { TeamTemplate, Version, Workspace } from '../../protocol/messages';
import { useApplication } from '../application';
import { AskTwice } from '../controls/ask_twice';
import { Dialog } from '../controls/dialog';
import { Field, Problem, SelectField, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

interface Known {
  offered: TeamTemplate | undefined;
  versions: Version[];
}

export function TeamTemplateDialog({
  workspace,
  on_close,
  on_changed,
}: {
  workspace: Pick<Workspace, 'id' | 'name' | 'owner'>;
  on_close: () => void;
  on_changed: () => void;
}) {
  const { rest } = useApplication();
  const [team] = useState(() => new TeamDetails(workspace.owner.id, rest));
  const [known, set_known] = useState<Known>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    team
      .template_of(workspace.id)
      .then(set_known)
      .catch((error: unknown) => set_problem(sentence_of(error)));
  }, [team, workspace.id]);
  const title = known?.offered ? t('Team template') : t('Use as team template');
  if (!known) {
    return (
      <Dialog title={title} on_close={on_close}>
        <Problem text={problem} />
        {!problem && <span className="spinner" role="status" aria-label={t('Loading')} />}
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            {t('Cancel')}
          </button>
        </div>
      </Dialog>
    );
  }
  const { offered, versions } = known;
  const send = async (fields: FormData) => {
    const text = (name: string) => text_field(fields, name).trim();
    const version = text('version');
    await team.put_template(workspace.id, {
      name: text('name') || workspace.name,
      description: text('description'),
      ...(version ? { version } : {}),
    });
    on_changed();
  };
  const withdraw = () => {
    team.remove_template(workspace.id).then(
      () => {
        on_changed();
        on_close();
      },
      (error: unknown) => set_problem(sentence_of(error)),
    );
  };
  const gone = offered?.version !== undefined && !versions.some(({ id }) => id === offered.version);
  return (
    <FormDialog title={title} yes={offered ? t('Save') : t('Offer it')} send={send} on_close={on_close}>
      <Problem text={problem} />
      <p>
        {rich(
          'Everybody in {0} can make workspaces that begin as this one. The files are copied.',
          workspace.owner.name,
        )}
      </p>
      <Field
        label={t('Name')}
        name="name"
        defaultValue={offered?.name ?? workspace.name}
        maxLength={80}
        required
        autoComplete="off"
      />
      <Field
        label={t('Description')}
        name="description"
        defaultValue={offered?.description ?? ''}
        maxLength={500}
        placeholder={t('What it is for')}
        autoComplete="off"
      />
      <SelectField
        label={t('New workspaces begin as')}
        name="version"
        defaultValue={offered?.version ?? ''}
        options={[
          { value: '', label: t('its newest version at that time') },
          ...(gone ? [{ value: offered?.version ?? '', label: t('the version chosen before') }] : []),
          ...versions.map(({ id, name, created }) => ({
            value: id,
            label: `“${name}”, ${new Date(created).toLocaleDateString(current_locale())}`,
          })),
        ]}
      />
      {versions.length === 0 && (
        <p className="muted">
          {t('Give a version a name in its history to offer that one, whatever is changed later.')}
        </p>
      )}
      {offered && (
        <div className="row">
          <AskTwice
            label={t('Offer it no longer')}
            about={offered.name}
            question={t('The workspace stays.')}
            yes={t('Take it back')}
            run={withdraw}
          />
        </div>
      )}
    </FormDialog>
  );
}
