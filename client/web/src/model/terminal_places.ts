// SPDX-License-Identifier: GPL-3.0-or-later
// Files and lines that programs name in a terminal: "src/main.py:12:5", 'File "main.py", line 3', "--> src/lib.rs:4:9". What looks
// like one becomes a link once the workspace has such a file.

export interface NamedPlace {
  /** Where it stands in the text: [from, to). */
  from: number;
  to: number;
  name: string;
  line?: number;
  column?: number;
}

const longest_line = 2000; // characters that are looked at
const most_places = 20; // of a line
const python = /File "([^"\n]{1,400})", line (\d{1,9})/g;
// A name with a folder or an ending, then perhaps a line and a column as compilers, grep and test programs write them.
const usual =
  /(?<![\w/@:.~-])((?:~?\.{0,2}\/)?(?:[\w@+.-]+\/)*[\w@+.-]*[\w@+-])(?::(\d{1,9})(?::(\d{1,9}))?|\((\d{1,9})(?:[,:]\s?(\d{1,9}))?\))?/g;

export function named_places(text: string): NamedPlace[] {
  const looked_at = text.slice(0, longest_line);
  const places: NamedPlace[] = [];
  const taken = (from: number, to: number) => places.some((place) => from < place.to && place.from < to);
  for (const found of looked_at.matchAll(python)) {
    places.push({
      from: found.index,
      to: found.index + found[0].length,
      name: found[1] as string,
      line: Number(found[2]),
    });
  }
  for (const found of looked_at.matchAll(usual)) {
    const name = found[1] as string;
    const [from, to] = [found.index, found.index + found[0].length];
    const line = found[2] ?? found[4];
    const column = found[3] ?? found[5];
    if (taken(from, to) || !is_likely(name, line !== undefined)) continue;
    places.push({
      from,
      to,
      name,
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(column === undefined ? {} : { column: Number(column) }),
    });
    if (places.length >= most_places) break;
  }
  return places;
}

/** A bare word is asked about only with an ending that begins with a letter; "1.5" and "e.g" are no files. */
function is_likely(name: string, has_line: boolean): boolean {
  if (name.includes('//')) return false;
  if (name.includes('/')) return /[A-Za-z]/.test(name);
  return /^[\w@+-][\w@+.-]*\.[A-Za-z]\w{0,9}$/.test(name) || (has_line && /^[A-Z]\w+file$/.test(name));
}

/** The path on the wire: from `directory` (absolute), below `home`; undefined for what lies elsewhere. */
export function wire_path(name: string, directory: string | undefined, home: string): string | undefined {
  const absolute = name.startsWith('~/')
    ? `${home}/${name.slice(2)}`
    : name.startsWith('/')
      ? name
      : `${directory ?? `${home}/project`}/${name}`;
  const parts: string[] = [];
  for (const part of absolute.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  const path = `/${parts.join('/')}`;
  const root = home.endsWith('/') ? home : `${home}/`;
  return path.startsWith(root) ? path.slice(root.length) : undefined;
}
