// SPDX-License-Identifier: GPL-3.0-or-later
// A text to read, with its language's colours.
import { useEffect, useRef } from 'react';
import { useApplication, useChanges } from '../application';
import { apply_theme, monaco, text_model } from '../ide/editor/monaco';

export default function TextView({ name, text }: { name: string; text: string }) {
  const { preferences } = useApplication();
  useChanges(preferences);
  const dark = preferences.is_dark();
  const high_contrast = preferences.is_high_contrast();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => apply_theme(dark, high_contrast), [dark, high_contrast]);
  useEffect(() => {
    if (!place.current) return;
    const model = text_model(text, name);
    const editor = monaco.editor.create(place.current, {
      model,
      automaticLayout: true,
      readOnly: true,
      domReadOnly: true,
      ariaLabel: name,
      minimap: { enabled: false },
      fontSize: 13,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      scrollBeyondLastLine: false,
    });
    return () => {
      editor.dispose();
      model.dispose();
    };
  }, [name, text]);
  return <div ref={place} className="public-text" />;
}
