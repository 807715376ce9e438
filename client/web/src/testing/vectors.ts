// SPDX-License-Identifier: GPL-3.0-or-later
// The golden vectors that the C++ tests read too.
import { readFileSync } from 'node:fs';

export function read_vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../protocol/vectors/${name}`, import.meta.url), 'utf8')) as T;
}
