// SPDX-License-Identifier: GPL-3.0-or-later
import decode_qr from 'qr/decode.js';
import { expect, test } from 'vitest';
import { drawing_of } from './qr_drawing';

const scale = 4; // pixels a module

test('what is drawn is what an app reads, with the margin that it wants', () => {
  const uri = 'otpauth://totp/Berth:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Berth';
  const { size, path } = drawing_of(uri);
  const dark = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const edge = dark.flat().reduce((least, at) => Math.min(least, at, size - 1 - at), size);
  expect(edge).toBe(4);

  const side = size * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [x, y] of dark)
    for (let row = 0; row < scale; ++row) {
      const from = ((y * scale + row) * side + x * scale) * 4;
      for (let at = from; at < from + scale * 4; ++at) data[at] = at % 4 === 3 ? 255 : 0;
    }
  expect(decode_qr({ width: side, height: side, data })).toBe(uri);
});
