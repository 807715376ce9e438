// SPDX-License-Identifier: GPL-3.0-or-later
// A change on disk that took text away, as the person is told of it: the text before and after, until it is dismissed.
import type { TextOperation } from '../protocol/text_operation';

export class DiskChange {
  private constructor(
    readonly before: string,
    readonly after: string,
    /** Lines that are gone; 0 where only parts of lines are. */
    readonly lines: number,
    /** Where the runner kept the text before, when no stored version has it. */
    readonly kept: string | undefined,
  ) {}

  /**
   * What is to be told after `operation` changed the text on disk: further changes go on from the first `before`. White space
   * that goes, as when a formatter indents, is no loss; nothing is told of it.
   */
  static after(
    told: DiskChange | undefined,
    text: () => string,
    operation: TextOperation,
    kept: string | undefined,
  ): DiskChange | undefined {
    const removes = operation.runs().some((run) => typeof run === 'number' && run < 0);
    if (!removes && !told) return undefined;
    const before = text();
    const after = operation.apply(before);
    if (after === undefined) return told;
    const lost = removes && takes_words(before, operation);
    if (!lost && !told) return undefined;
    const lines = lost ? lines_removed(before, operation) : 0;
    return new DiskChange(told?.before ?? before, after, (told?.lines ?? 0) + lines, kept ?? told?.kept);
  }
}

function removed_parts(before: string, operation: TextOperation): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const run of operation.runs()) {
    if (typeof run === 'string') continue;
    if (run < 0) parts.push(before.slice(at, at - run));
    at += Math.abs(run);
  }
  return parts;
}

/** True when letters go that the operation does not bring back elsewhere. */
function takes_words(before: string, operation: TextOperation): boolean {
  const letters = (text: string) => text.replace(/\s+/g, '');
  const inserted = operation.runs().filter((run) => typeof run === 'string');
  const gone = letters(removed_parts(before, operation).join(''));
  return gone !== '' && !letters(inserted.join('')).includes(gone);
}

function lines_removed(before: string, operation: TextOperation): number {
  return removed_parts(before, operation).reduce((sum, part) => sum + part.split('\n').length - 1, 0);
}
