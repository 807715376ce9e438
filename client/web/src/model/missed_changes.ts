// SPDX-License-Identifier: GPL-3.0-or-later
// What happened to a document since this client knew it last, as the runner tells one that comes back.
import type { DocumentChange } from '../protocol/messages';
import { TextOperation, transform } from '../protocol/text_operation';
import type { InFlight } from './typed_text';

export interface MissedChange {
  version: number;
  operation: TextOperation;
  origin: string;
  operation_id: string | undefined;
}

/** Those after `version`, oldest first; undefined when one is missing or malformed. */
export function missed_since(version: number, changes: readonly DocumentChange[]): MissedChange[] | undefined {
  const missed: MissedChange[] = [];
  for (const { version: made, operation: wire, origin, operation_id } of changes) {
    if (made <= version) continue;
    const operation = TextOperation.from_wire(wire);
    if (!operation || made !== version + missed.length + 1) return undefined;
    missed.push({ version: made, operation, origin, operation_id });
  }
  return missed;
}

/**
 * What others did among `changes`, as one operation on the base, or where `flying` is one of them (it `arrived`) on the
 * base with it: to see what it meets, not to be merged (brought around as one, texts of one place may come to stand the
 * other way). `theirs` is undefined when the changes don't fit together.
 */
export function as_one(
  base_length: number,
  changes: readonly MissedChange[],
  flying: InFlight | undefined,
): { theirs: TextOperation | undefined; arrived: boolean } {
  const own = flying ? changes.findIndex(({ operation_id }) => operation_id === flying.operation_id) : -1;
  let mine = own >= 0 ? flying?.operation : undefined;
  let theirs: TextOperation | undefined = TextOperation.identity(mine ? mine.target_length() : base_length);
  for (const [index, { operation }] of changes.entries()) {
    if (index === own) {
      mine = undefined;
      continue;
    }
    const moved = mine && transform(mine, operation);
    if (moved) mine = moved.mine;
    theirs = theirs?.compose(moved ? moved.theirs : operation);
  }
  return { theirs, arrived: own >= 0 };
}
