// SPDX-License-Identifier: GPL-3.0-or-later
// Both texts of a conflict side by side; the answers stand below.
import { useEffect, useRef } from 'react';
import type { Document } from '../../../model/document';
import { base_name } from '../../../model/paths';
import { Dialog } from '../../controls/dialog';
import { language_of, monaco } from './monaco';

export default function CompareDialog({ document, on_close }: { document: Document; on_close: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const language = language_of(base_name(document.path));
    const original = monaco.editor.createModel(document.theirs(), language);
    const modified = monaco.editor.createModel(document.text(), language);
    const editor = monaco.editor.createDiffEditor(place.current, {
      automaticLayout: true,
      readOnly: true,
      originalEditable: false,
      renderOverviewRuler: false,
      minimap: { enabled: false },
      fontSize: 13,
      fontFamily: getComputedStyle(globalThis.document.documentElement).getPropertyValue('--font-mono'),
      scrollBeyondLastLine: false,
    });
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [document]);
  const answer = (choose: () => void) => () => {
    choose();
    on_close();
  };
  return (
    <Dialog title={`${base_name(document.path)}: theirs and mine`} wide on_close={on_close}>
      <div className="row compare-heads">
        <span className="muted">Theirs</span>
        <span className="muted">Mine</span>
      </div>
      <div ref={place} className="compare-place" />
      <div className="row end">
        <button type="button" className="button plain" onClick={on_close}>
          Decide later
        </button>
        <button type="button" className="button" onClick={answer(() => document.take_theirs())}>
          Take theirs
        </button>
        <button type="button" className="button primary" onClick={answer(() => document.keep_mine())}>
          Keep mine
        </button>
      </div>
    </Dialog>
  );
}
