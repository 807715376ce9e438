// SPDX-License-Identifier: GPL-3.0-or-later
// Every command with its keys; keys are chosen by pressing them.
import { useEffect, useRef, useState } from 'react';
import { fuzzy_filter } from '../../../model/fuzzy';
import { chord_of, parse_keys, shown_keys } from '../../../model/key_chord';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';
import { bindings_of } from '../ide_keys';
import { rich } from '../../controls/rich';
import { t } from '../../../model/translation';

export function KeysPart() {
  const { commands } = useSession();
  const { preferences } = useApplication();
  useChanges(commands);
  useChanges(preferences);
  const bindings = bindings_of(preferences);
  const [looked_for, set_looked_for] = useState('');
  const [choosing, set_choosing] = useState<string>();
  const all = commands.all().sort((a, b) => a.title.localeCompare(b.title));
  const words = looked_for.trim();
  const with_keys = parse_keys(words);
  const found = with_keys
    ? all.filter(({ id }) =>
        bindings.keys_of(id).some((keys) => keys.split(' ').includes(with_keys) || keys === with_keys),
      )
    : fuzzy_filter(words, all, ({ title }) => title, all.length).map(({ item }) => item);
  const title_of = (id: string) => commands.find(id)?.title ?? id;
  return (
    <div className="settings-body">
      <input
        className="input settings-search"
        type="search"
        aria-label={t('Search commands')}
        placeholder={t('Search by name, or by keys: ctrl+b')}
        value={looked_for}
        onChange={(event) => set_looked_for(event.target.value)}
      />
      <table className="keys-table" aria-label={t('Keyboard shortcuts')}>
        <thead>
          <tr>
            <th>{t('Command')}</th>
            <th>{t('Keys')}</th>
            <th>
              <span className="visually-hidden">{t('Change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ id, title }) => {
            const keys = bindings.keys_of(id);
            const conflicts = bindings.conflicts(id);
            return (
              <tr key={id} className={bindings.is_chosen(id) ? 'changed' : undefined}>
                <th scope="row">{title}</th>
                <td>
                  {choosing === id ? (
                    <KeyRecorder
                      title={title}
                      on_done={(chosen) => {
                        set_choosing(undefined);
                        if (chosen !== undefined) preferences.set_keys(id, [chosen]);
                      }}
                    />
                  ) : (
                    <span className="key-chords">
                      {keys.map((one) => (
                        <kbd key={one}>{shown_keys(one)}</kbd>
                      ))}
                    </span>
                  )}
                  {conflicts.length > 0 && (
                    <span className="key-conflict">{rich('Also: {0}', conflicts.map(title_of).join(', '))}</span>
                  )}
                </td>
                <td className="key-actions">
                  <button
                    type="button"
                    className="link-button"
                    aria-label={t`Change the keys of ${title}`}
                    onClick={() => set_choosing(id)}
                  >
                    {t('Change')}
                  </button>
                  {keys.length > 0 && (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t`Remove the keys of ${title}`}
                      onClick={() => preferences.set_keys(id, [])}
                    >
                      {t('Remove')}
                    </button>
                  )}
                  {bindings.is_chosen(id) && (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t`The usual keys of ${title}`}
                      onClick={() => preferences.set_keys(id, undefined)}
                    >
                      {t('Reset')}
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {found.length === 0 && <p className="muted">{t('No command has such a name or such keys.')}</p>}
    </div>
  );
}

/** Takes the next keys that are pressed, a chord of two where they come one after the other; Enter keeps them. */
function KeyRecorder({ title, on_done }: { title: string; on_done: (keys: string | undefined) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const [keys, set_keys] = useState('');
  useEffect(() => place.current?.focus(), []);
  return (
    <div
      ref={place}
      className="key-recorder input"
      role="textbox"
      aria-label={t`Press the keys for ${title}`}
      tabIndex={0}
      data-records-keys=""
      onBlur={() => on_done(undefined)}
      onKeyDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Escape') return on_done(undefined);
        if (event.key === 'Enter' && !event.ctrlKey && !event.altKey) return on_done(parse_keys(keys));
        const chord = chord_of(event.nativeEvent);
        if (chord === undefined) return;
        const both = keys === '' || keys.includes(' ') ? undefined : parse_keys(`${keys} ${chord}`);
        set_keys(both ?? parse_keys(chord) ?? '');
      }}
    >
      {keys ? <kbd>{shown_keys(keys)}</kbd> : <span className="muted">{t('Press keys with Ctrl or Alt')}</span>}
      <span className="muted"> {t('Enter keeps, Escape leaves')}</span>
    </div>
  );
}
