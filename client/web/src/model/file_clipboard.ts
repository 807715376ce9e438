// SPDX-License-Identifier: GPL-3.0-or-later
// What was cut or copied in the tree, until it is pasted or something else is.
import { Observable } from './observable';

export class FileClipboard extends Observable {
  held: { paths: readonly string[]; cut: boolean } | undefined;

  hold(paths: readonly string[], cut: boolean): void {
    this.held = paths.length > 0 ? { paths, cut } : undefined;
    this.changed();
  }
  clear(): void {
    this.held = undefined;
    this.changed();
  }
  is_cut(path: string): boolean {
    return this.held?.cut === true && this.held.paths.includes(path);
  }
}
