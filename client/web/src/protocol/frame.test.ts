// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { read_vectors } from '../testing/vectors';
import { decode_frame, encode_frame, frame_header_size } from './frame';
import { limits } from './messages';

interface Vector {
  hex: string;
  kind: number;
  deflated: boolean;
  channel: number;
  offset: number;
  error?: string;
}

const kinds = ['', 'data', 'credit', 'end', 'abort'];
const bytes_of = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

describe('frame', () => {
  for (const vector of read_vectors<Vector[]>('frames.json')) {
    test(`${vector.hex} ${vector.error ?? 'decodes and encodes'}`, () => {
      const message = bytes_of(vector.hex);
      const frame = decode_frame(message.buffer);
      if (vector.error) {
        expect(frame).toBeUndefined();
        return;
      }
      const { deflated, channel, offset } = vector;
      expect(frame?.header).toEqual({ kind: kinds[vector.kind], deflated, channel, offset });
      expect(frame && encode_frame(frame.header, frame.payload)).toEqual(message);
    });
  }

  test('refuses a payload over the limit', () => {
    const header = { kind: 'data', deflated: false, channel: 1, offset: 0 } as const;
    expect(decode_frame(encode_frame(header, new Uint8Array(limits.binary_payload)).buffer)?.payload.length).toBe(
      limits.binary_payload,
    );
    expect(decode_frame(encode_frame(header, new Uint8Array(limits.binary_payload + 1)).buffer)).toBeUndefined();
    expect(frame_header_size).toBe(16);
  });
});
