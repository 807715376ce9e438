// SPDX-License-Identifier: GPL-3.0-or-later
// The address bar as state: the current path, links and navigation without reloading the page.
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of [...listeners]) listener();
};
globalThis.addEventListener?.('popstate', tell);

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Path and query of the page. */
export function useAddress(): URL {
  const text = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return new URL(text, location.origin);
}

export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}

/** A path of this page from untrusted text (`?next=`); anything else becomes "/". */
export function own_path(text: string | null): string {
  if (!text || !text.startsWith('/') || text.startsWith('//') || text.includes('\\')) return '/';
  return text;
}
