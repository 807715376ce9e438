// SPDX-License-Identifier: GPL-3.0-or-later
// A menu at a point or below a button: arrows move, Enter chooses, Escape and a click elsewhere close it.
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Icon, type IconName } from './icon';

export type MenuEntry =
  | {
      kind: 'item';
      label: string;
      icon?: IconName;
      keys?: string | undefined;
      danger?: boolean;
      disabled?: boolean;
      /** Why it can't be chosen: it is greyed then, and says so. */
      refused?: string | undefined;
      run: () => void;
    }
  | { kind: 'separator' }
  | { kind: 'heading'; text: string };

export interface MenuPlace {
  x: number;
  y: number;
  /** x is the right edge. */
  right?: boolean;
}

export function Menu({ place, entries, on_close }: { place: MenuPlace; entries: MenuEntry[]; on_close: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const [position, set_position] = useState({ left: place.x, top: place.y });

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    const left = place.right ? place.x - width : place.x;
    set_position({
      left: Math.max(8, Math.min(left, innerWidth - width - 8)),
      top: Math.max(8, Math.min(place.y, innerHeight - height - 8)),
    });
    const before = document.activeElement;
    element.querySelector<HTMLElement>('.menu-item:not(:disabled)')?.focus();
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus({ preventScroll: true });
    };
  }, [place]);

  useEffect(() => {
    const outside = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) on_close();
    };
    addEventListener('pointerdown', outside, true);
    addEventListener('blur', on_close);
    addEventListener('resize', on_close);
    return () => {
      removeEventListener('pointerdown', outside, true);
      removeEventListener('blur', on_close);
      removeEventListener('resize', on_close);
    };
  }, [on_close]);

  const on_key = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('.menu-item:not(:disabled)') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const move = (to: number) => items[(to + items.length) % items.length]?.focus();
    if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(items.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') on_close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return createPortal(
    <div ref={menu} className="menu" role="menu" style={position} onKeyDown={on_key}>
      {entries.map((entry, index) => {
        if (entry.kind === 'separator') return <div key={index} className="menu-separator" role="separator" />;
        if (entry.kind === 'heading')
          return (
            <div key={index} className="menu-heading">
              {entry.text}
            </div>
          );
        return (
          <button
            key={index}
            type="button"
            role="menuitem"
            className={`menu-item${entry.danger ? ' danger' : ''}`}
            disabled={entry.disabled === true || entry.refused !== undefined}
            title={entry.refused}
            onClick={() => {
              on_close();
              entry.run();
            }}
          >
            {entry.icon && <Icon name={entry.icon} />}
            {entry.label}
            {entry.keys && <span className="keys">{entry.keys}</span>}
          </button>
        );
      })}
    </div>,
    document.body,
  );
}

/** A button that opens a menu under itself. */
export function MenuButton({
  label,
  entries,
  children,
  className = 'icon-button',
}: {
  label: string;
  entries: () => MenuEntry[];
  children: ReactNode;
  className?: string;
}) {
  const [place, set_place] = useState<MenuPlace>();
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          set_place({ x: box.right, y: box.bottom + 4, right: true });
        }}
      >
        {children}
      </button>
      {place && <Menu place={place} entries={entries()} on_close={() => set_place(undefined)} />}
    </>
  );
}
