// SPDX-License-Identifier: GPL-3.0-or-later
// A button whose deed is confirmed where it stands: the first click asks, the second does it.
import { useEffect, useRef, useState } from 'react';
import { t } from '../../model/translation';

export function AskTwice({
  label,
  about,
  question,
  yes,
  disabled = false,
  run,
}: {
  label: string;
  /** What it is about, for those who don't see the row. */
  about: string;
  question: string;
  yes: string;
  disabled?: boolean;
  run: () => void;
}) {
  const [asking, set_asking] = useState(false);
  const again = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asking) again.current?.focus();
    else if (asked.current) first.current?.focus();
    asked.current = asking;
  }, [asking]);
  if (!asking) {
    return (
      <button
        ref={first}
        type="button"
        className="button small"
        aria-label={`${label} ${about}`}
        disabled={disabled}
        onClick={() => set_asking(true)}
      >
        {label}
      </button>
    );
  }
  return (
    <span
      className="ask-twice"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        set_asking(false);
      }}
    >
      <span>{question}</span>
      <button
        ref={again}
        type="button"
        className="button small danger"
        disabled={disabled}
        onClick={() => {
          set_asking(false);
          run();
        }}
      >
        {yes}
      </button>
      <button type="button" className="button small plain" onClick={() => set_asking(false)}>
        {t('Cancel')}
      </button>
    </span>
  );
}
