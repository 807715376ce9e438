// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts of one file side by side, as they were when the dialog opened; what can be done about them stands below.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Dialog } from '../../controls/dialog';
import { create_diff_editor, language_of, monaco } from './monaco';

interface Side {
  label: string;
  text: string;
}

interface CompareProps {
  title: string;
  /** The file's name: how the texts are highlighted. */
  name: string;
  before: Side;
  after: Side;
  on_close: () => void;
  children: ReactNode;
}

export default function CompareDialog({ title, name, before, after, on_close, children }: CompareProps) {
  const place = useRef<HTMLDivElement>(null);
  const [texts] = useState({ before: before.text, after: after.text });
  useEffect(() => {
    if (!place.current) return;
    const language = language_of(name);
    const original = monaco.editor.createModel(texts.before, language);
    const modified = monaco.editor.createModel(texts.after, language);
    const editor = create_diff_editor(place.current);
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [name, texts]);
  return (
    <Dialog title={title} wide on_close={on_close}>
      <div className="row compare-heads">
        <span className="muted">{before.label}</span>
        <span className="muted">{after.label}</span>
      </div>
      <div ref={place} className="compare-place" />
      <div className="row end">{children}</div>
    </Dialog>
  );
}
