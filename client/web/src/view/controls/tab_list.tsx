// SPDX-License-Identifier: GPL-3.0-or-later
// What says to a screen reader that some tabs are one list. It owns them by their ids and stands beside them: between them are
// buttons that close, and a list may have nothing but tabs in it.

export function TabList({ label, ids }: { label: string; ids: readonly string[] }) {
  return <div className="visually-hidden" role="tablist" aria-label={label} aria-owns={ids.join(' ')} />;
}
