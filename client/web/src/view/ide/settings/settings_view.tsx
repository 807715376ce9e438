// SPDX-License-Identifier: GPL-3.0-or-later
// The person's settings over the editor: as a page that can be searched, as keys, as JSON. The same wherever they sign in.
import '../../../styles/settings.css';
import { useEffect, useRef, type ReactNode } from 'react';
import type { SettingsPart } from '../../../model/workbench_layout';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';
import { KeysPart } from './keys_part';
import { SettingsJson } from './settings_json';
import { SettingsList } from './settings_list';
import { message, type Message, t } from '../../../model/translation';

const parts: { part: SettingsPart; label: Message }[] = [
  { part: 'settings', label: message('Settings') },
  { part: 'keys', label: message('Keyboard shortcuts') },
  { part: 'json', label: message('JSON') },
];

export default function SettingsView({ part }: { part: SettingsPart }) {
  const { layout } = useSession();
  const view = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (!view.current?.contains(document.activeElement)) view.current?.focus();
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      // What had the keys may be gone (a row that was taken out): they are still meant for here.
      const here = document.activeElement === document.body || view.current?.contains(document.activeElement);
      if (event.key !== 'Escape' || event.defaultPrevented || !here) return;
      layout.show_settings(undefined);
    };
    addEventListener('keydown', on_key);
    return () => removeEventListener('keydown', on_key);
  }, [layout]);
  const contents: Record<SettingsPart, ReactNode> = {
    settings: <SettingsList />,
    keys: <KeysPart />,
    json: <SettingsJson />,
  };
  return (
    <section ref={view} className="settings-view" aria-label={t('Settings')} tabIndex={-1}>
      <div className="settings-head">
        <div role="tablist" aria-label={t('Settings')} className="settings-tabs">
          {parts.map(({ part: name, label }) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={part === name}
              onClick={() => layout.show_settings(name)}
            >
              {t(label)}
            </button>
          ))}
        </div>
        <span className="spread" />
        <button
          type="button"
          className="icon-button"
          aria-label={t('Close the settings')}
          title={t('Close (Escape)')}
          onClick={() => layout.show_settings(undefined)}
        >
          <Icon name="close" />
        </button>
      </div>
      {contents[part]}
    </section>
  );
}
