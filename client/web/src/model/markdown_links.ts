// SPDX-License-Identifier: GPL-3.0-or-later
// Where a link in a Markdown file leads: to a web page, a heading, or a file of the workspace.
import { join_path, parent_path, project_path } from './paths';

export type LinkTarget =
  | { kind: 'web'; address: string }
  /** A heading of the same page. */
  | { kind: 'place'; name: string }
  | { kind: 'file'; path: string };

/** `from`: the file that has the link. Undefined where it leads nowhere that may be opened. */
export function resolve_link(from: string, address: string): LinkTarget | undefined {
  if (address.length > 4096) return undefined;
  if (address.startsWith('#')) return { kind: 'place', name: decoded(address.slice(1)).toLowerCase() };
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith('//')) {
    try {
      const { protocol, href } = new URL(address, 'https://nowhere.invalid');
      return ['http:', 'https:', 'mailto:'].includes(protocol) ? { kind: 'web', address: href } : undefined;
    } catch {
      return undefined;
    }
  }
  const path = decoded(address.replace(/[?#].*$/, ''));
  if (path === '' || path.includes('\0') || path.includes('\\')) return undefined;
  // From the root of the repository with a slash, as on GitHub.
  const base = path.startsWith('/') ? project_path : parent_path(from);
  const parts = base === '' ? [] : base.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.length === 0) return undefined; // above home
      parts.pop();
    } else parts.push(part);
  }
  const target = parts.reduce(join_path, '');
  return target === '' ? undefined : { kind: 'file', path: target };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
