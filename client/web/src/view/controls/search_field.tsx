// SPDX-License-Identifier: GPL-3.0-or-later
// Searching while typing.
import { useEffect, useState } from 'react';

const typing_pause = 250; // ms

/** Asks a moment after the last key. */
export function SearchField({
  label,
  placeholder,
  search,
  first = '',
}: {
  label: string;
  placeholder: string;
  search: (text: string) => void;
  /** What is searched for already. */
  first?: string;
}) {
  const [text, set_text] = useState(first);
  const [asked, set_asked] = useState(first);
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      set_asked(text);
      search(text.trim());
    }, typing_pause);
    return () => clearTimeout(timer);
  }, [text, asked, search]);
  return (
    <input
      className="input search"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => set_text(event.target.value)}
    />
  );
}
