// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as text (RFC 4180): fields in quotes may hold the delimiter, line ends and doubled quotes. What is damaged is read as far
// as it goes; nothing is lost silently, as the text itself is one key away.

const most_rows = 50_000;
const most_columns = 512;

export interface Table {
  rows: string[][];
  columns: number;
  /** There are more rows or columns than are shown. */
  cut: boolean;
}

/** The delimiter that the first lines have most of, outside of quotes. */
export function delimiter_of(text: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((sign) => [sign, 0]));
  let quoted = false;
  let lines = 0;
  for (let at = 0; at < text.length && at < 20_000 && lines < 10; ++at) {
    const sign = text[at] as string;
    if (sign === '"') quoted = !quoted;
    else if (sign === '\n') lines += quoted ? 0 : 1;
    else if (!quoted && counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best && best[1] > 0 ? best[0] : ',';
}

export function parse_table(text: string, delimiter = delimiter_of(text)): Table {
  const rows: string[][] = [];
  let row: string[] = [];
  let columns = 0;
  let cut = false;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const push = (field: string) => {
    if (row.length < most_columns) row.push(field);
    else cut = true;
  };
  const end_row = () => {
    rows.push(row);
    columns = Math.max(columns, row.length);
    row = [];
  };
  while (at < text.length) {
    if (rows.length >= most_rows) {
      cut = true;
      break;
    }
    let field = '';
    if (text[at] === '"') {
      for (++at; at < text.length;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          field += text.slice(at);
          at = text.length;
          break;
        }
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        ++at;
      }
    }
    // What stands behind the closing quote belongs to the field as well.
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') ++end;
    push(field + text.slice(at, end));
    at = end;
    if (text[at] === delimiter) {
      ++at;
      if (at === text.length) push('');
      else if (text[at] !== '\n' && text[at] !== '\r') continue;
      else push('');
    }
    if (text[at] === '\r') ++at;
    if (text[at] === '\n') ++at;
    end_row();
  }
  if (row.length > 0) end_row();
  return { rows, columns, cut };
}
