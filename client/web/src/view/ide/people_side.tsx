// SPDX-License-Identifier: GPL-3.0-or-later
// The side panel's list of who is here.
import { useChanges } from '../application';
import { useSession } from './ide_context';
import { PeopleList } from './presence/people';
import { t } from '../../model/translation';

export function PeopleSide() {
  const { presence } = useSession();
  useChanges(presence);
  const alone = presence.others().length === 0;
  return (
    <section className="pane tree-pane people-side" aria-label={t('People')}>
      <div className="pane-heading">
        <h2>{t('People')}</h2>
      </div>
      <PeopleList on_close={() => {}} />
      {alone && <p className="muted people-alone">{t('Nobody else is here. Share the workspace to work together.')}</p>}
    </section>
  );
}
