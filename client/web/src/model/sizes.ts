// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts of bytes as people read them, the same words as the server's.

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** "17 bytes", "3.4 MB", "120 GB": a thousand of one is the next. */
export function readable_bytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  for (; amount >= 999.5 && unit + 1 < units.length; ++unit) amount /= 1000;
  return `${amount.toFixed(unit === 0 || amount >= 99.95 ? 0 : 1)} ${units[unit]}`;
}
