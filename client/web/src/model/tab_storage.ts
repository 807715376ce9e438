// SPDX-License-Identifier: GPL-3.0-or-later
// What a browser tab remembers over a reload and after a crash of its page, and no longer than it lives.

/** Undefined where the browser keeps nothing. */
export function tab_storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** A value that only eases going on: a full storage loses it silently. */
export function remember(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Full or off.
  }
}

/** What was remembered, of any shape; undefined when nothing was. */
export function recall(storage: Storage | undefined, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
