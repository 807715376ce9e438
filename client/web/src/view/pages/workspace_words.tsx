// SPDX-License-Identifier: GPL-3.0-or-later
// How workspaces are spoken of: their template's mark, times, and what they take of their machine.
import { readable_bytes } from '../../model/sizes';
import type { ResourceUse } from '../../protocol/messages';

const marks: Record<string, string> = { python: 'py', node: 'js', cpp: 'c++', static: '</>', empty: '_' };

export function TemplateMark({ id }: { id: string }) {
  return (
    <span className="template-mark" aria-hidden="true">
      {marks[id] ?? id.slice(0, 2)}
    </span>
  );
}

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "2 hours ago", from Unix milliseconds. */
export function ago(time: number, now = Date.now()): string {
  const seconds = Math.round((time - now) / 1000);
  if (seconds > -45) return 'just now';
  if (seconds > -3600) return words.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

const measured_lately = 180_000; // ms: it is measured about every half minute

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** "12 % · 310 MB · 2 terminals · 1 window". */
export function use_words({ memory, processor, terminals, windows }: ResourceUse): string {
  const words = [
    `${processor.toFixed(0)} % of a processor`,
    memory > 0 ? readable_bytes(memory) : '',
    counted(terminals, 'terminal'),
    counted(windows, 'window'),
  ];
  return words.filter(Boolean).join(' · ');
}

/** False where what was measured says nothing about now. */
export function is_recent({ at }: ResourceUse, now = Date.now()): boolean {
  return now - at <= measured_lately;
}

/** What it took when it was measured last. */
export function UseWords({ use }: { use: ResourceUse }) {
  if (!is_recent(use)) return null;
  return (
    <p className="use-words muted" title={`Measured ${ago(use.at)}`}>
      {use_words(use)}
    </p>
  );
}
