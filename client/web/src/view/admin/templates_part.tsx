// SPDX-License-Identifier: GPL-3.0-or-later
// Which templates new workspaces may be made from.
import { useEffect } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Administration } from '../../model/administration';
import type { AdminTemplate } from '../../protocol/messages';
import { useApplication } from '../application';
import { TemplateMark } from '../pages/workspace_words';
import { ListBody } from './list_parts';

export function TemplatesPart({ administration }: { administration: Administration }) {
  const { notices } = useApplication();
  const { templates } = administration;
  useEffect(() => void templates.load(), [templates]);
  const offer = ({ id }: AdminTemplate, enabled: boolean) => {
    administration.offer_template(id, enabled).catch((error: unknown) => notices.problem(sentence_of(error)));
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
    </section>
  );
}
