// SPDX-License-Identifier: GPL-3.0-or-later
// The one error that server and runner answers become in this client.
import type { ErrorCode } from '../protocol/messages';
import { t } from '../model/translation';

export class BerthError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'BerthError';
  }
}

/** A sentence for the person, whatever was thrown. */
export function sentence_of(error: unknown): string {
  if (error instanceof Error && error.message) return error.message;
  return t('Something went wrong. Try again.');
}

export function has_code(error: unknown, ...codes: ErrorCode[]): error is BerthError {
  return error instanceof BerthError && codes.includes(error.code);
}
