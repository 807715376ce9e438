// SPDX-License-Identifier: GPL-3.0-or-later
// What the IDE can do, by name: for the palette, the keys and the menus.
import { useEffect } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Command } from '../../model/commands';
import type { EditorTab } from '../../model/editor_tabs';
import { theme_choices, theme_names, type ThemeChoice } from '../../model/preferences';
import { has_preview } from '../../model/file_kinds';
import { looks_only, may_change } from '../../model/roles';
import type { SettingName } from '../../model/settings';
import { all_profiles, open_params, usual_profile } from '../../model/terminal_profiles';
import type { Side } from '../../model/split_tree';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, useChanges, type Application } from '../application';
import { copy_text, shown_path } from '../clipboard';
import { editor_status } from './editor_status';
import { toggle_preview } from './preview_toggle';
import { focus_editor, focus_tree } from './focus_places';
import { message, shown_language, t } from '../../model/translation';

const no_editor = message('Open a file first.');
const no_terminal = message('Open a terminal first.');

export function useWorkbenchCommands(session: WorkspaceSession): void {
  const application = useApplication();
  const language = useChanges(shown_language); // their names are words, too
  useEffect(
    () =>
      session.commands.add([
        ...view_commands(session, application),
        ...file_commands(session, application),
        ...editor_commands(session),
        ...terminal_commands(session, application),
      ]),
    [session, application, language],
  );
}

function view_commands(session: WorkspaceSession, { preferences }: Application): Command[] {
  const { layout, pick } = session;
  return [
    { id: 'show_commands', title: t('View: Command palette'), run: () => pick.commands() },
    { id: 'toggle_side_bar', title: t('View: Toggle side panel'), run: () => layout.show('side', !layout.side_open) },
    {
      id: 'show_files',
      title: t('View: Files'),
      run: () => {
        layout.show_side('files');
        focus_tree();
      },
    },
    { id: 'show_search', title: t('Search: Find in all files'), run: () => begin_search(session, false) },
    { id: 'replace_in_files', title: t('Search: Replace in all files'), run: () => begin_search(session, true) },
    { id: 'show_people', title: t('View: People'), run: () => layout.show_side('people') },
    { id: 'show_ports', title: t('View: Ports'), run: () => layout.show_ports(true) },
    { id: 'show_history', title: t('View: History'), run: () => session.history.show() },
    { id: 'toggle_panel', title: t('View: Toggle lower panel'), run: () => layout.show('terminal', !layout.terminal) },
    { id: 'toggle_preview', title: t('View: Toggle preview'), run: () => toggle_preview(session) },
    { id: 'zen_mode', title: t('View: Zen mode'), run: () => layout.set_zen(!layout.zen) },
    { id: 'open_settings', title: t('Preferences: Settings'), run: () => layout.show_settings('settings') },
    { id: 'open_settings_json', title: t('Preferences: Settings (JSON)'), run: () => layout.show_settings('json') },
    { id: 'open_key_bindings', title: t('Preferences: Keyboard shortcuts'), run: () => layout.show_settings('keys') },
    {
      id: 'choose_theme',
      title: t('Preferences: Colour theme'),
      run: () => {
        const before = preferences.theme;
        const item = (theme: ThemeChoice, label: string) => ({
          label,
          chosen: before === theme,
          look: () => preferences.try_theme(theme),
          run: () => preferences.set_theme(theme),
        });
        pick.ask({
          label: t('Colour theme'),
          items: theme_choices.map((theme) => item(theme, t(theme_names[theme]))),
          leave: () => preferences.try_theme(before),
        });
      },
    },
    ...(
      [
        ['toggle_minimap', t('View: Toggle minimap'), 'editor.minimap'],
        ['toggle_sticky_scroll', t('View: Toggle sticky scroll'), 'editor.sticky_scroll'],
        ['toggle_breadcrumbs', t('View: Toggle breadcrumbs'), 'workbench.breadcrumbs'],
        ['toggle_activity_bar', t('View: Toggle activity bar'), 'workbench.activity_bar'],
      ] as const satisfies [string, string, SettingName][]
    ).map(([id, title, name]) => ({ id, title, run: () => preferences.set(name, !preferences.settings[name]) })),
    {
      id: 'toggle_word_wrap',
      title: t('View: Toggle word wrap'),
      run: () => preferences.set('editor.word_wrap', preferences.settings['editor.word_wrap'] === 'on' ? 'off' : 'on'),
    },
    ...([1, -1] as const).map((by) => ({
      id: by > 0 ? 'enlarge_font' : 'shrink_font',
      title: by > 0 ? t('View: Larger text in the editor') : t('View: Smaller text in the editor'),
      run: () => preferences.set('editor.font_size', preferences.settings['editor.font_size'] + by),
    })),
  ];
}

function file_commands(session: WorkspaceSession, { notices, preferences }: Application): Command[] {
  const { tabs, pick, documents, connection } = session;
  const with_tab = (id: string, title: string, run: (tab: EditorTab) => void): Command => ({
    id,
    title,
    refused: () => (tabs.active ? undefined : t(no_editor)),
    run: () => {
      if (tabs.active) run(tabs.active);
    },
  });
  const close = (...closing: EditorTab[]) => {
    const undecided = closing.filter((tab) => !tabs.close_if_decided(tab));
    if (undecided.length > 0) notices.show(t('Choose which text to keep before you close this file.'));
  };
  return [
    { id: 'quick_open', title: t('Go to: File'), run: () => pick.files() },
    { id: 'go_to_line', title: t('Go to: Line'), run: () => pick.line() },
    with_tab('save', t('File: Write to disk now'), (tab) => {
      const { document } = tab;
      if (!document || !may_change(connection)) return;
      const formatter = preferences.settings['editor.format_on_save'] && !tab.preview && !document.conflict;
      const formatted = formatter ? editor_status.controls?.format() : undefined;
      void Promise.resolve(formatted).then(() => documents.save_now(document));
    }),
    with_tab('close_tab', t('File: Close'), (tab) => close(tab)),
    with_tab('close_other_tabs', t('File: Close the others'), (tab) =>
      close(...tabs.in_group(tab.group).filter((other) => other !== tab)),
    ),
    { id: 'close_all_tabs', title: t('File: Close all'), run: () => close(...tabs.tabs) },
    {
      id: 'reopen_closed_tab',
      title: t('File: Open the one closed last'),
      run: () => {
        if (!tabs.reopen_closed()) notices.show(t('No file was closed.'));
      },
    },
    with_tab('copy_path', t('File: Copy path'), (tab) => void copy_text(shown_path(tab.path), notices)),
    with_tab('show_file_history', t('File: Show history'), (tab) => session.history.show(tab.path)),
    with_tab('reveal_in_files', t('File: Show among the files'), (tab) => {
      session.layout.show_side('files');
      void session.tree.reveal(tab.path).then(focus_tree);
    }),
  ];
}

function editor_commands(session: WorkspaceSession): Command[] {
  const { tabs } = session;
  const on_tab = (id: string, title: string, run: (tab: EditorTab) => void): Command => ({
    id,
    title,
    refused: () => (tabs.active ? undefined : t(no_editor)),
    run: () => {
      if (tabs.active) run(tabs.active);
    },
  });
  const split = (side: Side) => on_tab(`split_${side}`, t`View: Split editor ${side}`, (tab) => tabs.split(tab, side));
  const drawn = (id: string, title: string, run: (tab: EditorTab) => void): Command => ({
    id,
    title,
    refused: () =>
      tabs.active && has_preview(tabs.active) ? undefined : t('Only Markdown and tables can be shown so.'),
    run: () => {
      if (tabs.active) run(tabs.active);
    },
  });
  return [
    ...(['right', 'down', 'left', 'up'] as const).map(split),
    { id: 'next_tab', title: t('View: Next editor'), run: () => tabs.step(1) },
    { id: 'previous_tab', title: t('View: Previous editor'), run: () => tabs.step(-1) },
    ...[1, 2, 3].map((number) => ({
      id: `focus_group_${number}`,
      title: t`View: Keys to editor group ${number}`,
      run: () => {
        const group = tabs.groups.all()[number - 1];
        if (group === undefined) return;
        tabs.use_group(group);
        focus_editor(group);
      },
    })),
    drawn('toggle_preview_of_file', t('Markdown and tables: Show as text or drawn'), (tab) => tabs.toggle_preview(tab)),
    drawn('preview_to_the_side', t('Markdown and tables: Show drawn to the side'), (tab) =>
      tabs.split(tab, 'right', true),
    ),
  ];
}

function terminal_commands(session: WorkspaceSession, { notices, preferences }: Application): Command[] {
  const { layout, terminals, connection } = session;
  const refused = () => (may_change(connection) ? undefined : t(looks_only));
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const in_terminal = document_in_terminal;
  return [
    {
      id: 'toggle_terminal',
      title: t('Terminal: Show or hide'),
      run: () => {
        if (layout.terminal && !layout.zen && in_terminal()) {
          layout.show('terminal', false);
          focus_editor(session.tabs.groups.active);
          return;
        }
        layout.show('terminal', true);
        if (terminals.active) terminals.focus();
      },
    },
    {
      id: 'new_terminal',
      title: t('Terminal: New'),
      refused,
      run: () => {
        layout.show('terminal', true);
        terminals.open_usual().catch(report);
      },
    },
    {
      id: 'new_terminal_with_profile',
      title: t('Terminal: New with a profile…'),
      refused,
      run: () => {
        const { profiles, default_profile } = preferences;
        const usual = usual_profile(profiles, terminals.programs, default_profile).name;
        session.pick.ask({
          label: t('What the new terminal begins with'),
          items: all_profiles(profiles, terminals.programs).map((one) => ({
            label: one.name,
            detail: one.command,
            chosen: one.name === usual,
            run: () => {
              layout.show('terminal', true);
              terminals.open(open_params(one, profiles.includes(one))).catch(report);
            },
          })),
        });
      },
    },
    {
      id: 'terminal_profiles',
      title: t('Terminal: Profiles'),
      run: () => {
        layout.show('terminal', true);
        terminals.edit_profiles(true);
      },
    },
    {
      id: 'split_terminal',
      title: t('Terminal: Split'),
      refused,
      run: () => {
        layout.show('terminal', true);
        terminals.split().catch(report);
      },
    },
    {
      id: 'close_terminal',
      title: t('Terminal: Close'),
      refused: () => refused() ?? (terminals.active ? undefined : t(no_terminal)),
      run: () => {
        if (terminals.active) terminals.close(terminals.active).catch(report);
      },
    },
    {
      id: 'find_in_terminal',
      title: t('Terminal: Find'),
      refused: () => (terminals.active ? undefined : t(no_terminal)),
      run: () => {
        layout.show('terminal', true);
        if (terminals.active) terminals.find_in(terminals.active);
      },
    },
    {
      id: 'run',
      title: t('Run: Start'),
      refused: () =>
        refused() ?? (session.workspace?.run_command ? undefined : t('This workspace has no command to run.')),
      run: () => {
        layout.show('terminal', true);
        void session.run();
      },
    },
    { id: 'stop_run', title: t('Run: Stop'), refused, run: () => session.stop() },
  ];
}

/** With what is selected in the editor. */
function begin_search({ layout, search }: WorkspaceSession, replacing: boolean): void {
  layout.show_side('search');
  search.begin(editor_status.controls?.selected_text() ?? '', replacing);
}

function document_in_terminal(): boolean {
  return Boolean(document.activeElement?.closest('.terminal-host'));
}
