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
      <h2 id="templates-heading">Templates</h2>
      <p>Workspaces that were made from a template go on when it is not offered any more.</p>
      <ListBody list={templates} none="This server has no templates.">
        {(items) => (
          <table aria-label="Templates">
            <thead>
              <tr>
                <th scope="col">Template</th>
                <th scope="col">Image</th>
                <th scope="col">Workspaces</th>
                <th scope="col">Offered</th>
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
                    <span className="mono">{template.image || 'the installation’s'}</span>
                    {template.image_is_set && <span className="tag">set here</span>}
                    <div>
                      <button
                        type="button"
                        className="link-button"
                        aria-label={`Change the image of ${template.name}`}
                        onClick={() => set_choosing(template)}
                      >
                        Change…
                      </button>
                    </div>
                  </td>
                  <td>{template.workspaces}</td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Offer ${template.name}`}
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
    <FormDialog title={`Image of ${name}`} yes="Save" send={send} on_close={on_close}>
      <p>
        What its workspaces run in, from their next start on: those that were made before, too. Files stay; what was
        installed outside of the home is the image’s.
      </p>
      <Field
        label="Image"
        name="image"
        hint="Empty: the installation’s again."
        placeholder={image_is_set ? 'the installation’s' : image || 'the installation’s'}
        defaultValue={image_is_set ? image : ''}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  );
}
