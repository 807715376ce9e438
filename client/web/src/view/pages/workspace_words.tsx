// SPDX-License-Identifier: GPL-3.0-or-later
// How workspaces are spoken of: their template's mark, and times.
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
