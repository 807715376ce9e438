// SPDX-License-Identifier: GPL-3.0-or-later
// Under a terminal: who looks at it too and whose size it has, that a viewer only watches, why its output stands still.
import { sentence_of } from '../../../connection/berth_error';
import type { Terminal } from '../../../model/terminal';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';
import { rich } from '../../controls/rich';
import { t } from '../../../model/translation';

export function TerminalSharing({ terminal }: { terminal: Terminal }) {
  const session = useSession();
  const { notices } = useApplication();
  useChanges(session.connection);
  useChanges(session.presence);
  useChanges(terminal);
  const { presence } = session;
  const self = presence.find(session.connection.hello?.session ?? '');
  const window_of = (id: string) => {
    const who = presence.find(id);
    if (!who) return { name: t('another window'), window: t('another window') };
    if (who.user === self?.user) return { name: t('your other window'), window: t('your other window') };
    return { name: who.name, window: t`${who.name}’s window` };
  };
  const others = [...new Set(terminal.others().map((id) => window_of(id).name))];
  const sizing = [...new Set(terminal.sized_by().map((id) => window_of(id).window))];
  const may_type = terminal.may_type();
  const { problem } = terminal;
  if (may_type && others.length === 0 && problem === undefined) return null;
  const lead = (wanted: boolean) =>
    terminal.lead(wanted).catch((error: unknown) => notices.problem(sentence_of(error)));
  return (
    <div className="terminal-sharing">
      {problem !== undefined && (
        <span className="standing-still" role="alert">
          <Icon name="warning" size={13} /> {problem}
        </span>
      )}
      {problem !== undefined && (
        <button type="button" className="link-button" onClick={() => terminal.try_again()}>
          {t('Try again')}
        </button>
      )}
      {!may_type && (
        <span className="watching">
          <Icon name="preview" size={13} /> {t('You are watching; only editors type here.')}
        </span>
      )}
      {others.length > 0 && (
        <span className="watchers" title={t`Shown to ${others.join(', ')} as well`}>
          <Icon name="person" size={13} />{' '}
          {rich('With {0}', others.length > 2 ? t`${others.length} others` : others.join(' and '))}
        </span>
      )}
      {sizing.length > 0 && (
        <span className="sized-by">
          {rich('sized by {0}', sizing.length === 1 ? sizing[0] : t('the smallest window'))}
        </span>
      )}
      {may_type && sizing.length > 0 && (
        <button type="button" className="link-button" onClick={() => void lead(true)}>
          {t('Use my size')}
        </button>
      )}
      {terminal.leads() && others.length > 0 && (
        <button type="button" className="link-button" onClick={() => void lead(false)}>
          {t('Use the smallest size')}
        </button>
      )}
    </div>
  );
}
