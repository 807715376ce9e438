// SPDX-License-Identifier: GPL-3.0-or-later
import { message, number, t } from './translation';
// Amounts of bytes as people read them, the same words as the server's.

const units = [message('bytes'), 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "17 bytes", "3.4 MB", "120 GB": a thousand of one is the next. */
export function readable_bytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  for (; amount >= 999.5 && unit + 1 < units.length; ++unit) amount /= 1000;
  const word = units[unit];
  return `${number(amount, unit === 0 || amount >= 99.95 ? 0 : 1)} ${typeof word === 'string' ? word : t(word)}`;
}
