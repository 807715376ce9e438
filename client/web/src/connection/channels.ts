// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of one WebSocket: hands incoming frames to whoever registered the channel, in order, inflating where needed.
import { inflateSync } from 'fflate';
import { decode_frame, encode_frame, type Frame } from '../protocol/frame';
import { limits } from '../protocol/messages';

export interface ChannelHandlers {
  on_data?: (offset: number, payload: Uint8Array) => void;
  /** The peer takes bytes below `limit`. */
  on_credit?: (limit: number) => void;
  on_end?: (length: number) => void;
  /** The stream broke: by the peer, or because the connection is gone. */
  on_abort?: () => void;
}

export class Channels {
  private readonly handlers_ = new Map<number, ChannelHandlers>();

  constructor(private readonly send_: (message: Uint8Array<ArrayBuffer>) => void) {}

  /** Register in the same turn in which the answer that names the channel arrives. */
  open(channel: number, handlers: ChannelHandlers): void {
    this.handlers_.set(channel, handlers);
  }
  close(channel: number): void {
    this.handlers_.delete(channel);
  }
  send_data(channel: number, offset: number, payload: Uint8Array): void {
    this.send_(encode_frame({ kind: 'data', deflated: false, channel, offset }, payload));
  }
  send_credit(channel: number, limit: number): void {
    this.send_(encode_frame({ kind: 'credit', deflated: false, channel, offset: limit }));
  }
  send_end(channel: number, length: number): void {
    this.send_(encode_frame({ kind: 'end', deflated: false, channel, offset: length }));
  }
  send_abort(channel: number): void {
    this.send_(encode_frame({ kind: 'abort', deflated: false, channel, offset: 0 }));
    this.handlers_.delete(channel);
  }

  is_open(channel: number): boolean {
    return this.handlers_.has(channel);
  }

  /** False when the message is no frame: the peer is broken. */
  receive(message: ArrayBuffer): boolean {
    const frame = decode_frame(message);
    if (!frame) return false;
    if (frame.header.deflated) {
      const payload = inflate(frame.payload);
      if (!payload) {
        const handlers = this.handlers_.get(frame.header.channel);
        this.send_abort(frame.header.channel);
        handlers?.on_abort?.();
        return true;
      }
      frame.payload = payload;
    }
    this.dispatch(frame);
    return true;
  }

  /** The connection is gone: every channel is aborted. */
  drop(): void {
    const open = [...this.handlers_.values()];
    this.handlers_.clear();
    for (const handlers of open) handlers.on_abort?.();
  }

  private dispatch({ header, payload }: Frame): void {
    const handlers = this.handlers_.get(header.channel);
    if (!handlers) return; // closed by us while frames were under way
    switch (header.kind) {
      case 'data':
        handlers.on_data?.(header.offset, payload);
        break;
      case 'credit':
        handlers.on_credit?.(header.offset);
        break;
      case 'end':
        handlers.on_end?.(header.offset);
        break;
      case 'abort':
        this.handlers_.delete(header.channel);
        handlers.on_abort?.();
        break;
    }
  }
}

const inflated = new Uint8Array(limits.binary_payload + 1);

/** Undefined when the payload is damaged or grows past the limit of a frame. */
function inflate(payload: Uint8Array): Uint8Array | undefined {
  try {
    const text = inflateSync(payload, { out: inflated });
    return text.length < inflated.length ? text.slice() : undefined;
  } catch {
    return undefined;
  }
}
