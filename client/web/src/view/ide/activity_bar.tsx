// SPDX-License-Identifier: GPL-3.0-or-later
// The column of icons at the left edge: what the side panel shows, and the ways to ports, history and settings.
import type { SideView } from '../../model/workbench_layout';
import { useChanges } from '../application';
import { Icon, type IconName } from '../controls/icon';
import { useSession } from './ide_context';
import { useKeysOf, with_keys } from './ide_keys';
import { t } from '../../model/translation';

export function ActivityBar() {
  const { layout, history, ports, presence, commands } = useSession();
  useChanges(layout);
  useChanges(history);
  useChanges(ports);
  useChanges(presence);
  const keys_of = useKeysOf();
  const others = presence.others().length;
  const button = (name: string, icon: IconName, command: string, pressed: boolean, run: () => void, count = 0) => {
    return (
      <button
        type="button"
        className="activity"
        aria-pressed={pressed}
        aria-label={name}
        title={with_keys(name, keys_of(command))}
        onClick={run}
      >
        <Icon name={icon} size={20} />
        {count > 0 && (
          <span className="activity-count" aria-hidden="true">
            {count > 99 ? '99+' : count}
          </span>
        )}
      </button>
    );
  };
  const side = (view: SideView) => layout.side_open && layout.side === view;
  const panel_ports = layout.terminal && layout.ports;
  return (
    <nav className="activity-bar" aria-label={t('Views')}>
      {button(t('Files'), 'files', 'show_files', side('files'), () => layout.toggle_side('files'))}
      {button(t('Search'), 'search', 'show_search', side('search'), () =>
        side('search') ? layout.toggle_side('search') : commands.run('show_search'),
      )}
      {button(t('People'), 'person', 'show_people', side('people'), () => layout.toggle_side('people'), others)}
      {button(
        t('Open ports'),
        'port',
        'show_ports',
        panel_ports,
        () => (panel_ports ? layout.show_ports(false) : layout.show_ports(true)),
        ports.all.length,
      )}
      {button(t('History'), 'history', 'show_history', history.shown, () =>
        history.shown ? history.hide() : history.show(),
      )}
      <span className="spread" />
      {button(t('Commands'), 'commands', 'show_commands', false, () => commands.run('show_commands'))}
      {button(t('Settings'), 'settings', 'open_settings', layout.settings !== undefined, () =>
        layout.show_settings(layout.settings === undefined ? 'settings' : undefined),
      )}
    </nav>
  );
}
