// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence with elements in it, in the person's language: rich('Delete {0}?', <b>{name}</b>).
import { createElement, Fragment, type ReactNode } from 'react';
import { t } from '../../model/translation';

/** Each part stands where the translation has its place, which may be another order. */
export function rich(text: string, ...parts: readonly ReactNode[]): ReactNode {
  const pieces: ReactNode[] = t(text)
    .split(/\{(\d)\}/)
    .map((piece, index) => (index % 2 === 1 ? parts[Number(piece)] : piece));
  return createElement(Fragment, null, ...pieces);
}
