// SPDX-License-Identifier: GPL-3.0-or-later
// What every model is: an object with plain fields that tells its listeners when something changed.

export class Observable {
  private readonly listeners_ = new Set<() => void>();
  private revision_ = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners_.add(listener);
    return () => this.listeners_.delete(listener);
  };

  /** Grows with each change: a snapshot for useSyncExternalStore. */
  readonly revision = (): number => this.revision_;

  protected changed(): void {
    ++this.revision_;
    for (const listener of [...this.listeners_]) listener();
  }
}
