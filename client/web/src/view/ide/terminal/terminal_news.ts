// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal has to tell a person who looks elsewhere: its bell, and commands that took long, or nobody knows how long,
// and ended.
import type { Notices } from '../../../model/notices';
import type { Terminal } from '../../../model/terminal';
import type { Terminals } from '../../../model/terminals';
import { t } from '../../../model/translation';

const long_command = 10_000; // ms
const until_seen = 10 * 60_000; // ms a notice stays for a person who is away

export interface TerminalNews {
  terminal: Terminal;
  terminals: Terminals;
  notices: Notices;
  /** Its screen is before the person. */
  is_shown: () => boolean;
}

export function tell_bell(news: TerminalNews): void {
  if (news.is_shown()) return;
  const first = !news.terminal.rang;
  news.terminal.ring();
  // A bell that rings on and on is told once, until somebody looks.
  if (first) tell(news, t`The bell of ${name_of(news.terminal)} rang.`);
}

export function tell_finished(
  news: TerminalNews,
  command: string,
  milliseconds: number | undefined,
  exit_code: number | undefined,
): void {
  if ((milliseconds !== undefined && milliseconds < long_command) || news.is_shown()) return;
  const what = command === '' ? t`The command in ${name_of(news.terminal)}` : `“${shortened(command)}”`;
  const how = exit_code === undefined || exit_code === 0 ? t('finished') : t`failed (exit code ${exit_code})`;
  tell(news, `${what} ${how}${milliseconds === undefined ? '' : t` after ${duration(milliseconds)}`}.`);
}

export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? t`${minutes} min ${seconds % 60} s` : t`${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function tell({ terminal, terminals, notices }: TerminalNews, text: string): void {
  const show = () => terminals.activate(terminal);
  const away = document.visibilityState === 'hidden';
  const permission = 'Notification' in globalThis ? Notification.permission : 'denied';
  if (away && permission === 'granted') {
    const notification = new Notification(text, { body: name_of(terminal), tag: `berth-${terminal.info.terminal}` });
    notification.onclick = () => {
      window.focus();
      notification.close();
      show();
    };
  }
  const action =
    away && permission === 'default'
      ? {
          label: t('Notify me outside of this page'),
          run: () => void Notification.requestPermission().then(show, show),
        }
      : { label: t('Show'), run: show };
  notices.show(text, { action, ...(away ? { milliseconds: until_seen } : {}) });
}

function name_of({ info }: Terminal): string {
  return info.title || t('the terminal');
}

function shortened(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command;
}
