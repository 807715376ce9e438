// SPDX-License-Identifier: GPL-3.0-or-later
// Which templates new workspaces may be made from, and the image that each one's workspaces run in.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Administration } from '../../model/administration';
import type { AdminTemplate } from '../../protocol/messages';
import { useApplication } from '../application';
import { Field, text_field } from '../controls/form';
import { FormDialog } from '../controls/form_dialog';
import { TemplateMark } from '../pages/workspace_words';
import { ListBody } from './list_parts';
import { t } from '../../model/translation';

export function TemplatesPart({ administration }: { administration: Administration }) {
  const { notices } = useApplication();
  const { templates } = administration;
  const [choosing, set_choosing] = useState<AdminTemplate>();
  useEffect(() => void templates.load(), [templates]);
  const offer = ({ id }: AdminTemplate, enabled: boolean) => {
    administration.update_template(id, { enabled }).catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  return (
    <section className="card panel-card" aria-labelledby="templates-heading">
      <h2 id="templates-heading">{t('Templates')}</h2>
      <p>{t('Workspaces that were made from a template go on when it is not offered any more.')}</p>
      <ListBody list={templates} none={t('This server has no templates.')}>
        {(items) => (
          <table aria-label={t('Templates')}>
            <thead>
              <tr>
                <th scope="col">{t('Template')}</th>
                <th scope="col">{t('Image')}</th>
                <th scope="col">{t('Workspaces')}</th>
                <th scope="col">{t('Offered')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((template) => (
                <tr key={template.id}>
                  <td>
                    <TemplateMark id={template.id} /> <strong>{template.name}</strong>
                    <div className="muted">{template.description}</div>
                  </td>
                  <td className="image">
                    <span className="mono">{template.image || t('the installation’s')}</span>
                    {template.image_is_set && <span className="tag">{t('set here')}</span>}
                    <div>
                      <button
                        type="button"
                        className="link-button"
                        aria-label={t`Change the image of ${template.name}`}
                        onClick={() => set_choosing(template)}
                      >
                        {t('Change…')}
                      </button>
                    </div>
                  </td>
                  <td>{template.workspaces}</td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={t`Offer ${template.name}`}
                      checked={template.enabled}
                      onChange={(event) => offer(template, event.target.checked)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
      {choosing && (
        <ImageDialog template={choosing} administration={administration} on_close={() => set_choosing(undefined)} />
      )}
    </section>
  );
}

function ImageDialog({
  template: { id, name, image, image_is_set },
  administration,
  on_close,
}: {
  template: AdminTemplate;
  administration: Administration;
  on_close: () => void;
}) {
  const send = (fields: FormData) => administration.update_template(id, { image: text_field(fields, 'image').trim() });
  return (
    <FormDialog title={t`Image of ${name}`} yes={t('Save')} send={send} on_close={on_close}>
      <p>
        {t(
          'What its workspaces run in, from their next start on: those that were made before, too. Files stay; what was installed outside of the home is the image’s.',
        )}
      </p>
      <Field
        label={t('Image')}
        name="image"
        hint={t('Empty: the installation’s again.')}
        placeholder={image_is_set ? t('the installation’s') : image || t('the installation’s')}
        defaultValue={image_is_set ? image : ''}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  );
}
