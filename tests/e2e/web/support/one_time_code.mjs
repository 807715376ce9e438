// SPDX-License-Identifier: GPL-3.0-or-later
// An authenticator app: the codes of RFC 6238 as Berth wants them (SHA-1, six digits, 30 s).
import { createHmac } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const step = 30_000; // ms

function bytes_of(base32) {
  let bits = '';
  for (const letter of base32.replaceAll(/[ =]/g, '').toUpperCase())
    bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/[01]{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

function code_at(key, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', key).update(message).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Gives codes that Berth takes, one after the other: each is good once, so the next step's may be used a little early. */
export function authenticator(secret) {
  const key = bytes_of(secret);
  let last = 0;
  return {
    /** Waits where the next code would be more than one step ahead. */
    async code() {
      const now = () => Math.floor(Date.now() / step);
      last = Math.max(last + 1, now() - 1);
      while (last > now() + 1) await new Promise((resolve) => setTimeout(resolve, 500));
      return code_at(key, last);
    },
    /** One that is surely wrong. */
    wrong() {
      const right = new Set([-2, -1, 0, 1, 2].map((off) => code_at(key, Math.floor(Date.now() / step) + off)));
      return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.has(code));
    },
  };
}
