// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace's states are called.
import type { WorkspaceState } from '../protocol/messages';
import { message, t, type Message } from './translation';

export const state_words: Record<WorkspaceState, Message> = {
  running: message('running|workspace'),
  starting: message('starting|workspace'),
  stopping: message('stopping|workspace'),
  stopped: message('stopped|workspace'),
  failed: message('failed|workspace'),
  deleting: message('deleting|workspace'),
};

/** A state that this page does not know yet is shown as its server calls it. */
export function state_word(state: string): string {
  return t(state_words[state as WorkspaceState]) || state;
}
