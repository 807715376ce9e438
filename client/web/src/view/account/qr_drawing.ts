// SPDX-License-Identifier: GPL-3.0-or-later
// A QR code as the path of an SVG drawing.
import encode_qr from 'qr';

const quiet = 4; // modules of margin that the standard asks for

/** `size`: modules on a side, margin included; `path`: the dark ones, a unit each. */
export function drawing_of(text: string): { size: number; path: string } {
  const rows = encode_qr(text, 'raw', { ecc: 'medium', border: quiet });
  const modules = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size: rows.length, path: modules.join('') };
}
