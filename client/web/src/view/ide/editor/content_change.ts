// SPDX-License-Identifier: GPL-3.0-or-later
// Monaco's change events as text operations.
import { TextOperation } from '../../../protocol/text_operation';

/** As Monaco tells it: offsets and lengths of the text before the event, in any order, never overlapping. */
export interface ContentChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

/** The operation of one change event; `length` is the text's length before it. */
export function operation_of(changes: readonly ContentChange[], length: number): TextOperation {
  const operation = new TextOperation();
  let at = 0;
  for (const { rangeOffset, rangeLength, text } of [...changes].sort((a, b) => a.rangeOffset - b.rangeOffset)) {
    operation
      .retain(rangeOffset - at)
      .insert(well_formed(text))
      .remove(rangeLength);
    at = rangeOffset + rangeLength;
  }
  return operation.retain(length - at);
}

/** Half a surrogate pair can't travel as UTF-8: it becomes U+FFFD, which is as long. */
function well_formed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
