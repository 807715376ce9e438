// SPDX-License-Identifier: GPL-3.0-or-later
// How terminals behave in this browser: predicted keys, scrollback, notifications.
import { useState } from 'react';
import { scrollback_choices, type EchoChoice } from '../../model/preferences';
import { useApplication, useChanges } from '../application';
import { message, type Message, number, t } from '../../model/translation';

const echo_choices: [EchoChoice, Message][] = [
  ['auto', message('On slow connections')],
  ['on', message('Always')],
  ['off', message('Never')],
];

export function TerminalTasteCard() {
  const { preferences } = useApplication();
  useChanges(preferences);
  const { echo, scrollback } = preferences.terminal;
  return (
    <section className="card panel-card">
      <h2>{t('Terminals')}</h2>
      <p>{t('The same wherever you sign in. A key shown ahead is underlined until the workspace has confirmed it.')}</p>
      <h3>{t('Show keys before the workspace answers')}</h3>
      <div className="theme-choice" role="radiogroup" aria-label={t('Show keys before the workspace answers')}>
        {echo_choices.map(([choice, label]) => (
          <label key={choice}>
            <input
              type="radio"
              name="echo"
              checked={echo === choice}
              onChange={() => preferences.set_terminal({ echo: choice })}
            />
            {t(label)}
          </label>
        ))}
      </div>
      <h3>{t('Lines kept above the screen')}</h3>
      <div className="theme-choice" role="radiogroup" aria-label={t('Lines kept above the screen')}>
        {scrollback_choices.map((lines) => (
          <label key={lines}>
            <input
              type="radio"
              name="scrollback"
              checked={scrollback === lines}
              onChange={() => preferences.set_terminal({ scrollback: lines })}
            />
            {number(lines)}
          </label>
        ))}
      </div>
      <NotificationRow />
    </section>
  );
}

const notification_words = {
  granted: message('On: a bell and commands that took over 10 seconds are told while this page is hidden.'),
  denied: message('The browser blocks notifications of this site; they are shown inside the page.'),
  default: message('A bell and commands that took over 10 seconds can be told while this page is hidden.'),
};

function NotificationRow() {
  const [permission, set_permission] = useState(() =>
    'Notification' in globalThis ? Notification.permission : 'denied',
  );
  return (
    <>
      <h3>{t('Notifications')}</h3>
      <div className="row">
        <p>{t(notification_words[permission])}</p>
        {permission === 'default' && (
          <button
            type="button"
            className="button small"
            onClick={() => void Notification.requestPermission().then(set_permission)}
          >
            {t('Allow')}
          </button>
        )}
      </div>
    </>
  );
}
