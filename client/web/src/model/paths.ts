// SPDX-License-Identifier: GPL-3.0-or-later
// Paths on the wire: relative to home, '/' between parts, '' is home itself.
import { t } from './translation';

/** Where the person's project lies. */
export const project_path = 'project';

export function join_path(directory: string, name: string): string {
  return directory ? `${directory}/${name}` : name;
}

export function parent_path(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function base_name(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** "main.py" → "main copy.py", then "main copy 2.py"; a leading dot begins no extension. */
export function copy_name(name: string, number = 1): string {
  const dot = name.lastIndexOf('.');
  const copy = number > 1 ? `copy ${number}` : 'copy';
  return dot > 0 ? `${name.slice(0, dot)} ${copy}${name.slice(dot)}` : `${name} ${copy}`;
}

/** Why a person's file name can't be used, or undefined. Slashes make folders, as in other editors. */
export function name_problem(name: string): string | undefined {
  const parts = name.split('/');
  if (name.trim() === '' || parts.some((part) => part === '')) return t('A name is needed.');
  if (parts.some((part) => part === '.' || part === '..')) return t('“.” and “..” are not names.');
  if (parts.some((part) => new TextEncoder().encode(part).length > 255)) return t('This name is too long.');
  if (name.includes('\0')) return t('This name has a forbidden character.');
  return undefined;
}
