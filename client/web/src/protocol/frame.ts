// SPDX-License-Identifier: GPL-3.0-or-later
// Binary frames, the twin of protocol/frame.hpp: 16 bytes of header (kind, flags, channel, offset; big-endian), then payload.
import { limits } from './messages';

export type FrameKind = 'data' | 'credit' | 'end' | 'abort';

const kinds: readonly FrameKind[] = ['data', 'credit', 'end', 'abort']; // wire numbers 1..4

export interface FrameHeader {
  kind: FrameKind;
  /** The payload is raw deflate, without state between frames. */
  deflated: boolean;
  channel: number;
  /** data: stream offset of the first payload byte; credit: new limit; end: final length. Exact up to 2^53 bytes. */
  offset: number;
}

export interface Frame {
  header: FrameHeader;
  /** A view into the message. */
  payload: Uint8Array;
}

export const frame_header_size = 16;

export function encode_frame(header: FrameHeader, payload?: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(frame_header_size + (payload?.length ?? 0));
  const view = new DataView(message.buffer);
  view.setUint8(0, kinds.indexOf(header.kind) + 1);
  view.setUint8(1, header.deflated ? 1 : 0);
  view.setUint32(4, header.channel);
  view.setBigUint64(8, BigInt(header.offset));
  if (payload) message.set(payload, frame_header_size);
  return message;
}

/** Splits a binary message; undefined when it is short, of unknown kind or flag, on channel 0 or over the payload limit. */
export function decode_frame(message: ArrayBuffer): Frame | undefined {
  if (message.byteLength < frame_header_size) return undefined;
  if (message.byteLength > frame_header_size + limits.binary_payload) return undefined;
  const view = new DataView(message);
  const kind = kinds[view.getUint8(0) - 1];
  const flags = view.getUint8(1);
  const channel = view.getUint32(4);
  const offset = view.getBigUint64(8);
  if (!kind || flags > 1 || channel === 0 || offset > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return {
    header: { kind, deflated: flags === 1, channel, offset: Number(offset) },
    payload: new Uint8Array(message, frame_header_size),
  };
}
