// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files: what is looked for, what the runner found so far, what of it the person left out.
import { has_code, sentence_of } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { ReplaceProblem, SearchFile, SearchLine, SearchQuery } from '../protocol/messages';
import { Observable } from './observable';

/** As it stands in the fields. */
export interface SearchFields {
  pattern: string;
  replacement: string;
  /** The field for it shows: what is found shows what would stand there. */
  replacing: boolean;
  regex: boolean;
  match_case: boolean;
  whole_word: boolean;
  /** Globs, parted by commas. */
  include: string;
  exclude: string;
  /** Also hidden files and what .gitignore names. */
  ignored: boolean;
}

export interface FoundFile {
  path: string;
  lines: SearchLine[];
  matches: number;
  open: boolean;
}

export type SearchRow =
  { kind: 'file'; file: FoundFile } | { kind: 'line'; file: FoundFile; line: SearchLine; index: number };

const replace_deadline = 300_000; // ms: thousands of files, each journalled and saved
const most_globs = 64;

/** "src/*.ts, !x" in a field as the runner wants it. Commas in braces belong to the glob. */
export function globs_of(text: string): string[] {
  const globs: string[] = [];
  let depth = 0;
  let glob = '';
  for (const letter of `${text},`) {
    if (letter === ',' && depth === 0) {
      if (glob.trim() !== '') globs.push(glob.trim());
      glob = '';
      continue;
    }
    if (letter === '{') ++depth;
    else if (letter === '}') depth = Math.max(0, depth - 1);
    glob += letter;
  }
  if (glob !== '') globs.push(glob.slice(0, -1).trim()); // a brace that was never closed
  return globs.filter((one) => one !== '').slice(0, most_globs);
}

export class Search extends Observable {
  fields: SearchFields = {
    pattern: '',
    replacement: '',
    replacing: false,
    regex: false,
    match_case: false,
    whole_word: false,
    include: '',
    exclude: '',
    ignored: false,
  };
  state: 'idle' | 'running' | 'done' = 'idle';
  files: FoundFile[] = [];
  matches = 0;
  /** There is more than the runner tells of. */
  cut = false;
  problem = '';
  /** What the last replacement could not do. */
  problems: readonly ReplaceProblem[] = [];
  /** It can be taken back. */
  last_replacement: { id: string; files: number; matches: number } | undefined;
  working = false;
  /** Grows each time the field should get the keys. */
  wishes = 0;

  private readonly by_path_ = new Map<string, FoundFile>();
  private rows_: SearchRow[] | undefined;
  private search_: number | undefined; // of the runner's session
  private attempt_ = 0;
  private asking_ = false;
  /** Came before the answer that names the search. */
  private early_: (() => void)[] = [];

  constructor(private readonly connection_: WorkspaceConnection) {
    super();
    connection_.on('search/found', ({ search, files }) =>
      this.when_named(() => {
        if (search === this.search_) this.take(files);
      }),
    );
    connection_.on('search/ended', ({ search, cut, problem }) =>
      this.when_named(() => {
        if (search !== this.search_) return;
        this.search_ = undefined;
        this.cut = cut;
        this.end(problem ?? '');
      }),
    );
    // A search is its session's, and goes with it.
    connection_.on_connected(() => {
      if (this.state === 'running') void this.run();
    });
  }

  /** The side panel shows: the keys go to the field; a selected word is looked for. */
  begin(pattern: string, replacing: boolean): void {
    ++this.wishes;
    const fields = { ...this.fields, replacing: replacing || this.fields.replacing };
    if (pattern !== '' && !pattern.includes('\n') && pattern !== fields.pattern) {
      this.fields = { ...fields, pattern, regex: false };
      void this.run();
      return;
    }
    this.fields = fields;
    this.changed();
  }

  set(fields: Partial<SearchFields>): void {
    this.fields = { ...this.fields, ...fields };
    this.changed();
  }

  /** Looks anew; what was found before goes. */
  async run(): Promise<void> {
    const attempt = ++this.attempt_;
    this.forget();
    const query = this.query();
    if (!query) {
      this.leave();
      this.state = 'idle';
      return this.changed();
    }
    this.state = 'running';
    this.asking_ = true;
    this.search_ = undefined;
    this.changed();
    const { replacing, replacement } = this.fields;
    try {
      const { search } = await this.connection_.request('search/text', {
        query,
        ...(replacing ? { replacement } : {}),
      });
      if (attempt !== this.attempt_) return; // a later one ended it in the runner
      this.search_ = search;
      this.asking_ = false;
      for (const tell of this.early_.splice(0)) tell();
    } catch (error) {
      if (attempt !== this.attempt_) return;
      this.asking_ = false;
      this.early_ = [];
      // Without a connection it stays wanted: the next one begins it.
      if (!has_code(error, 'unavailable')) this.end(sentence_of(error));
    }
  }

  /** What was found stays. */
  stop(): void {
    if (this.state !== 'running') return;
    ++this.attempt_;
    this.leave();
    this.cut = true;
    this.end('');
  }
  clear(): void {
    ++this.attempt_;
    this.leave();
    this.forget();
    this.fields = { ...this.fields, pattern: '', replacement: '' };
    this.state = 'idle';
    this.changed();
  }

  /** The lines of the list, as it is drawn. */
  rows(): SearchRow[] {
    this.rows_ ??= this.files.flatMap((file): SearchRow[] => [
      { kind: 'file', file },
      ...(file.open ? file.lines.map((line, index): SearchRow => ({ kind: 'line', file, line, index })) : []),
    ]);
    return this.rows_;
  }
  toggle(file: FoundFile): void {
    file.open = !file.open;
    this.redraw();
  }
  open_all(open: boolean): void {
    for (const file of this.files) file.open = open;
    this.redraw();
  }

  /** It is not replaced, and does not stand in the list any more. */
  leave_out(row: SearchRow): void {
    const { file } = row;
    if (row.kind === 'line') {
      file.lines = file.lines.filter((line) => line !== row.line);
      file.matches -= row.line.matches.length;
      this.matches -= row.line.matches.length;
    }
    if (row.kind === 'file' || file.lines.length === 0) {
      if (row.kind === 'file') this.matches -= file.matches;
      this.by_path_.delete(file.path);
      this.files = this.files.filter((other) => other !== file);
    }
    this.redraw();
  }

  /** What the list shows of these files, or of all, is replaced; rejects when nothing was. */
  async replace(rows: readonly SearchRow[] = this.files.map((file) => ({ kind: 'file', file }))): Promise<void> {
    const query = this.query();
    if (!query || this.working || rows.length === 0) return;
    const lines = new Map<string, Set<number>>();
    for (const row of rows) {
      const numbers = lines.get(row.file.path) ?? new Set();
      for (const { line } of row.kind === 'line' ? [row.line] : row.file.lines) numbers.add(line);
      lines.set(row.file.path, numbers);
    }
    const files = [...lines].map(([path, only]) => ({ path, only_lines: [...only] }));
    this.working = true;
    this.problems = [];
    this.changed();
    try {
      const done = await this.connection_.request(
        'search/replace',
        { query, replacement: this.fields.replacement, files },
        replace_deadline,
      );
      const { replacement: id, matches, problems } = done;
      this.last_replacement = matches > 0 ? { id, files: done.files, matches } : undefined;
      this.problems = problems;
      const failed = new Set(problems.map(({ path }) => path));
      for (const row of rows) if (!failed.has(row.file.path)) this.leave_out(row);
    } finally {
      this.working = false;
      this.changed();
    }
  }

  async undo_replace(): Promise<void> {
    const { last_replacement } = this;
    if (!last_replacement || this.working) return;
    this.working = true;
    this.changed();
    try {
      const { problems } = await this.connection_.request(
        'search/undo_replace',
        { replacement: last_replacement.id },
        replace_deadline,
      );
      this.last_replacement = undefined;
      this.problems = problems;
    } finally {
      this.working = false;
      this.changed();
    }
    await this.run();
  }

  /** What stands in the fields; undefined where nothing is looked for. */
  query(): SearchQuery | undefined {
    const { pattern, regex, match_case, whole_word, ignored } = this.fields;
    if (pattern === '') return undefined;
    const include = globs_of(this.fields.include);
    const exclude = globs_of(this.fields.exclude);
    return {
      pattern,
      ...(regex ? { regex } : {}),
      ...(match_case ? { match_case } : {}),
      ...(whole_word ? { whole_word } : {}),
      ...(ignored ? { ignored } : {}),
      ...(include.length > 0 ? { include } : {}),
      ...(exclude.length > 0 ? { exclude } : {}),
    };
  }

  private when_named(tell: () => void): void {
    if (this.asking_) this.early_.push(tell);
    else tell();
  }

  private take(files: readonly SearchFile[]): void {
    for (const { path, lines } of files) {
      const matches = lines.reduce((sum, line) => sum + line.matches.length, 0);
      this.matches += matches;
      const known = this.by_path_.get(path);
      if (known) {
        known.lines.push(...lines);
        known.matches += matches;
        continue;
      }
      const file: FoundFile = { path, lines: [...lines], matches, open: true };
      this.by_path_.set(path, file);
      this.files.push(file);
    }
    this.redraw();
  }

  private end(problem: string): void {
    this.state = 'done';
    this.problem = problem;
    // As they lie in the tree: they come as several threads find them.
    this.files = [...this.files].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.redraw();
  }

  private leave(): void {
    if (this.search_ !== undefined)
      this.connection_.request('search/cancel', { search: this.search_ }).catch(() => {
        // Over already, or no connection: nothing more comes.
      });
    this.search_ = undefined;
    this.asking_ = false;
    this.early_ = [];
  }

  private forget(): void {
    this.files = [];
    this.by_path_.clear();
    this.matches = 0;
    this.cut = false;
    this.problem = '';
    this.problems = [];
    this.early_ = [];
    this.rows_ = undefined;
  }

  private redraw(): void {
    this.rows_ = undefined;
    this.changed();
  }
}
