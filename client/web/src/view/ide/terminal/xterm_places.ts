// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are named on a terminal's screen are links to their lines, once the workspace has said that they are there.
import type { ILink, Terminal as Xterm } from '@xterm/xterm';
import { named_places, type NamedPlace } from '../../../model/terminal_places';

export interface PlaceHooks {
  /** The path of the file, if there is one of that name as seen from the terminal's folder. */
  find: (name: string) => Promise<string | undefined>;
  open: (path: string, place: NamedPlace) => void;
}

/** The text of a wrapped line from its first row on, with the cell of each of its characters. */
function logical_line(xterm: Xterm, row: number): { text: string; cells: { x: number; y: number }[] } {
  const buffer = xterm.buffer.active;
  let first = row;
  while (first > 0 && buffer.getLine(first)?.isWrapped && row - first < 20) --first;
  let text = '';
  const cells: { x: number; y: number }[] = [];
  for (let y = first; y - first < 20; ++y) {
    const line = buffer.getLine(y);
    if (!line || (y > first && !line.isWrapped)) break;
    for (let x = 0; x < line.length; ++x) {
      const cell = line.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      for (const unit of (cell.getChars() || ' ').split('')) {
        text += unit;
        cells.push({ x: x + 1, y: y + 1 });
      }
    }
  }
  return { text, cells };
}

export function add_places(xterm: Xterm, hooks: PlaceHooks): void {
  xterm.registerLinkProvider({
    provideLinks(number, callback) {
      const { text, cells } = logical_line(xterm, number - 1);
      const places = named_places(text).filter(({ from, to }) => {
        const start = cells[from];
        const end = cells[to - 1];
        return start && end && start.y <= number && end.y >= number;
      });
      if (places.length === 0) return callback(undefined);
      const link = async (place: NamedPlace): Promise<ILink[]> => {
        const path = await hooks.find(place.name);
        const start = cells[place.from];
        const end = cells[place.to - 1];
        if (path === undefined || !start || !end) return [];
        return [{ range: { start, end }, text: place.name, activate: () => hooks.open(path, place) }];
      };
      void Promise.all(places.map(link)).then((links) => callback(links.flat()));
    },
  });
}
