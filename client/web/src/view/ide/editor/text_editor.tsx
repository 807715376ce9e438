// SPDX-License-Identifier: GPL-3.0-or-later
// A group's editor with the text of one tab in it.
import { useEffect, useRef } from 'react';
import type { Document } from '../../../model/document';
import type { EditorTab } from '../../../model/editor_tabs';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';
import { editors_of } from './group_editor';
import { apply_theme } from './monaco';

export default function TextEditor({ document, tab }: { document: Document; tab: EditorTab }) {
  const session = useSession();
  const { preferences } = useApplication();
  useChanges(preferences);
  useChanges(document);
  useChanges(session.tabs);
  const place = useRef<HTMLDivElement>(null);
  const dark = preferences.is_dark();
  const high_contrast = preferences.is_high_contrast();
  const { group, wanted } = tab;
  const { read_only, path } = document;
  const all = editors_of(session, preferences);

  useEffect(() => apply_theme(dark, high_contrast), [dark, high_contrast]);
  useEffect(() => {
    const { host } = all.of(group);
    const { current } = place;
    current?.append(host);
    return () => {
      if (host.parentElement === current) host.remove();
    };
  }, [all, group]);
  useEffect(() => {
    const editor = all.show(group, document);
    if (session.tabs.groups.active !== group) return;
    const elsewhere = globalThis.document.activeElement?.closest('.terminal-host, .tree, input, [role="dialog"]');
    if (!elsewhere) editor.editor.focus();
  }, [all, session, document, group]);
  useEffect(() => {
    if (wanted) all.of(group).go_to_wanted(tab);
  }, [all, tab, wanted, group, document]);
  useEffect(() => {
    const editor = all.of(group);
    editor.read_only(read_only);
    editor.follow_language();
  }, [all, document, group, read_only, path]);

  return <div ref={place} className="editor-place" />;
}
