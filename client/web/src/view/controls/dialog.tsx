// SPDX-License-Identifier: GPL-3.0-or-later
// A modal dialog: focus stays inside and returns afterwards; Escape and a click beside it close it.
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

export function Dialog({
  title,
  wide = false,
  on_close,
  children,
}: {
  title: string;
  wide?: boolean;
  on_close: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDivElement>(null);
  const heading = useId();

  useEffect(() => {
    const before = document.activeElement;
    const first = dialog.current?.querySelector<HTMLElement>('[autofocus], [data-autofocus], input, button');
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  // What had the focus went (a row that was taken out): keys still belong here.
  useEffect(() => {
    if (document.activeElement === document.body) dialog.current?.focus({ preventScroll: true });
  });

  const on_key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      on_close();
    }
    if (event.key !== 'Tab') return;
    const all = [...(dialog.current?.querySelectorAll<HTMLElement>('input, button, a[href], select, textarea') ?? [])];
    const usable = all.filter((element) => !element.hasAttribute('disabled'));
    const edge = event.shiftKey ? usable[0] : usable.at(-1);
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? usable.at(-1) : usable[0])?.focus();
    }
  };

  return createPortal(
    <div
      className="scrim"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) on_close();
      }}
    >
      <div
        ref={dialog}
        className={`dialog${wide ? ' wide' : ''}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={heading}
        tabIndex={-1}
        onKeyDown={on_key}
      >
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </div>,
    document.body,
  );
}
