// SPDX-License-Identifier: GPL-3.0-or-later
// How workspaces are spoken of: their template's mark, times, and what they take of their machine.
import { readable_bytes } from '../../model/sizes';
import type { ResourceUse } from '../../protocol/messages';
import { current_locale, plural, t } from '../../model/translation';

const marks: Record<string, string> = { python: 'py', node: 'js', cpp: 'c++', static: '</>', empty: '_' };

export function TemplateMark({ id }: { id: string }) {
  return (
    <span className="template-mark" aria-hidden="true">
      {marks[id] ?? id.slice(0, 2)}
    </span>
  );
}

/** "2 hours ago", from Unix milliseconds. */
export function ago(time: number, now = Date.now()): string {
  const words = new Intl.RelativeTimeFormat(current_locale() ?? 'en', { numeric: 'auto' });
  const seconds = Math.round((time - now) / 1000);
  if (seconds > -45) return t('just now');
  if (seconds > -3600) return words.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

/** A moment, to the second. */
export function exact_time(time: number): string {
  return new Date(time).toLocaleString(current_locale(), { dateStyle: 'medium', timeStyle: 'medium' });
}

const measured_lately = 180_000; // ms: it is measured about every half minute

/** "12 % · 310 MB · 2 terminals · 1 window". */
export function use_words({ memory, processor, terminals, windows }: ResourceUse): string {
  const words = [
    t`${processor.toFixed(0)} % of a processor`,
    memory > 0 ? readable_bytes(memory) : '',
    plural(terminals, '{n} terminal', '{n} terminals'),
    plural(windows, '{n} window', '{n} windows'),
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
    <p className="use-words muted" title={t`Measured ${ago(use.at)}`}>
      {use_words(use)}
    </p>
  );
}
