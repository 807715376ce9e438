// SPDX-License-Identifier: GPL-3.0-or-later
/** One browser tab's storage. */
export class MemoryStorage implements Storage {
  [name: string]: unknown;
  readonly items = new Map<string, string>();
  /** Units it takes; as a browser does, it throws past them. */
  room = Infinity;
  get length() {
    return this.items.size;
  }
  key(index: number) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (value.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, value);
  }
  removeItem(key: string) {
    this.items.delete(key);
  }
  clear() {
    this.items.clear();
  }
}
