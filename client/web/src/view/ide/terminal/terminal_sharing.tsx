// SPDX-License-Identifier: GPL-3.0-or-later
// Under a terminal that others look at too: who they are, whose size it has, and that a viewer only watches.
import { sentence_of } from '../../../connection/berth_error';
import type { Terminal } from '../../../model/terminal';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';

export function TerminalSharing({ terminal }: { terminal: Terminal }) {
  const session = useSession();
  const { notices } = useApplication();
  useChanges(session.connection);
  useChanges(session.presence);
  useChanges(terminal);
  const names = (sessions: string[]) =>
    sessions.map((id) => {
      const who = session.presence.find(id);
      return who ? session.presence.label(who) : 'another window';
    });
  const others = [...new Set(names(terminal.others()))];
  const sizing = terminal.sized_by();
  const may_type = terminal.may_type();
  if (may_type && others.length === 0) return null;
  const lead = (wanted: boolean) =>
    terminal.lead(wanted).catch((error: unknown) => notices.problem(sentence_of(error)));
  return (
    <div className="terminal-sharing">
      {!may_type && (
        <span className="watching">
          <Icon name="preview" size={13} /> You are watching; only editors type here.
        </span>
      )}
      {others.length > 0 && (
        <span className="watchers" title={`Shown to ${others.join(', ')} as well`}>
          <Icon name="person" size={13} /> With {others.length > 2 ? `${others.length} others` : others.join(' and ')}
        </span>
      )}
      {sizing.length > 0 && (
        <span className="sized-by">
          {sizing.length === 1 ? `sized by ${window_of(names(sizing)[0])}` : 'sized by the smallest window'}
        </span>
      )}
      {may_type && sizing.length > 0 && (
        <button type="button" className="link-button" onClick={() => void lead(true)}>
          Use my size
        </button>
      )}
      {terminal.leads() && others.length > 0 && (
        <button type="button" className="link-button" onClick={() => void lead(false)}>
          Use the smallest size
        </button>
      )}
    </div>
  );
}

function window_of(name = 'another window'): string {
  return /window/.test(name) ? name : `${name}’s window`;
}
