// SPDX-License-Identifier: GPL-3.0-or-later
// All documents this window has open, over the connection: opening, long texts on channels, reopening after a drop.
import { BerthError, has_code, sentence_of } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { ReceiveWindow } from '../protocol/flow_window';
import type { DocumentOpenParams, DocumentOpenResult, Encoding, LineEnding } from '../protocol/messages';
import { TextOperation, type Run } from '../protocol/text_operation';
import { Document } from './document';
import type { DocumentWire, EditAnswer } from './document_wire';
import { Observable } from './observable';
import { PagedText } from './paged_text';
import { base_name } from './paths';
import { UnsentTexts } from './unsent_texts';
import { t } from './translation';

type OpenOptions = Omit<DocumentOpenParams, 'path' | 'credit'>;
interface Loaded {
  opened: DocumentOpenResult;
  text: string;
  /** It is empty, because there was no such file. */
  created: boolean;
}

const text_window = 1 << 20; // bytes of a long text under way
const again_pause = 5000; // ms until a reopening that failed on a living connection is tried again

export class Documents extends Observable {
  readonly all = new Map<string, Document>(); // by path, as the runner tells it
  /** A window is gone that had typed into a file which is not open here. */
  on_unopened: (path: string) => void = () => {};
  private readonly closing_ = new Set<Document>(); // closed by the person, with edits still on their way
  private readonly opening_ = new Map<string, Promise<Document>>();
  private readonly wire_: DocumentWire;

  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly unsent_ = new UnsentTexts('', undefined, undefined),
  ) {
    super();
    this.wire_ = {
      is_connected: () => connection_.phase === 'connected',
      before_sending: (document) => unsent_.before_sending(document),
      edit: (params) => this.edit(params),
      save: (document) => this.save(document),
      reopen: (document) => void this.reopen(document),
    };
    connection_.on('document/changed', ({ document, version, operation, origin, kept }) => {
      // Of what was typed here the answer tells; this window's replacements in files come as everybody's.
      const change = TextOperation.from_wire(operation);
      const open = this.by_id(document);
      if (!open) return;
      if (change) open.on_changed(version, change, origin, kept);
      else this.wire_.reopen(open);
    });
    connection_.on('document/state', (state) => {
      const open = this.by_id(state.document);
      if (!open) return;
      const before = open.path;
      open.on_state(state);
      this.follow_path(open, before);
      this.changed();
    });
    connection_.on_connected(() => {
      for (const document of this.living()) void this.reopen(document);
      void unsent_.look_again();
    });
    connection_.subscribe(() => {
      if (connection_.phase !== 'connected') for (const document of this.living()) document.on_disconnected();
    });
    unsent_.on_left = (path) => this.on_left(path);
    unsent_.subscribe(() => this.changed());
  }

  /** Opens or finds; rejects with `unsupported` for binary files, with `too_large` for those that `paged` reads. */
  open(path: string, options: { create?: boolean; encoding?: Encoding } = {}): Promise<Document> {
    const existing = this.all.get(path);
    if (existing && !options.encoding) {
      if (existing.gone) void this.reopen(existing); // it may be there again
      return Promise.resolve(existing);
    }
    for (const document of this.closing_) {
      if (document.path !== path) continue;
      this.closing_.delete(document); // opened again before its last edit was journalled
      this.all.set(path, document);
      this.changed();
      return Promise.resolve(document);
    }
    const under_way = this.opening_.get(path);
    if (under_way) return under_way;
    const opening = this.open_fresh(path, options).finally(() => this.opening_.delete(path));
    this.opening_.set(path, opening);
    return opening;
  }

  private async open_fresh(path: string, options: { create?: boolean; encoding?: Encoding }): Promise<Document> {
    if (!options.encoding) await this.unsent_.start();
    const left = options.encoding ? undefined : this.unsent_.take(path);
    const known = left && {
      ...(left.document ? { known_document: left.document, known_version: left.base_version } : {}),
      ...(left.in_flight ? { operation_id: left.in_flight.operation_id } : {}),
    };
    const loading = left ? this.load_or_create(path, known ?? {}) : this.load(path, options);
    const { opened, text, created } = await loading.catch((error: unknown) => {
      if (left) this.unsent_.give_back(path, left);
      throw error;
    });
    const known_already = this.by_id(opened.document);
    const document = known_already ?? new Document(opened, text, this.wire_, left);
    this.all.set(document.path, document);
    if (!known_already) this.unsent_.follow(document, left);
    if (known_already && left)
      this.unsent_.give_back(document.path, left); // open under another path: it goes on there
    else if (left) document.on_reopened(opened, text, created);
    // What was told while the text came found nobody.
    if (!known_already && opened.channel !== undefined) void this.reopen(document);
    this.changed();
    this.go_on_with_left(document);
    return document;
  }

  /** A file that is too large to be a document. */
  paged(path: string): PagedText {
    return new PagedText(path, (params) => this.connection_.request('document/page', params));
  }

  /** What was typed last is still delivered. */
  close(document: Document): void {
    for (const [path, open] of this.all) if (open === document) this.all.delete(path);
    this.closing_.add(document);
    this.changed();
    void document.when_quiet().then(() => {
      if (this.closing_.delete(document)) this.forget(document);
    });
  }

  private forget(document: Document): void {
    this.unsent_.forget(document);
    this.connection_.request('document/close', { document: document.id }).catch(() => {
      // Without a connection there is nothing to close: the runner drops it with the session.
    });
  }

  /** True while leaving the page would lose something typed. */
  any_at_risk(): boolean {
    return this.unsent_.refused && this.living().some((document) => document.has_pending());
  }
  /** This browser keeps no typed text. */
  keeps_nothing(): boolean {
    return this.unsent_.refused;
  }
  /** Something typed could not be written to this browser's store, and nobody was told yet. */
  unkept_news(): boolean {
    return this.unsent_.refused && this.unsent_.untold;
  }
  unkept_told(): void {
    this.unsent_.told();
  }
  /** How many places of all texts were changed and are not acknowledged. */
  unsent_places(): number {
    return this.living().reduce((sum, document) => sum + document.unsent_places(), 0);
  }

  /** The page may be going: what is typed and not acknowledged stays in this browser. */
  keep_unsent(): void {
    for (const document of this.living()) this.unsent_.keep(document);
  }
  /** The page goes on without these documents. */
  close_all(): void {
    this.unsent_.close();
  }
  /** Files that a window which is gone had typed into; resolves once that is known. */
  async left_paths(): Promise<string[]> {
    await this.unsent_.start();
    return this.unsent_.paths();
  }

  /** The person is back at this page: a window that is gone meanwhile may have left something. */
  look_again(): void {
    void this.unsent_.look_again();
  }

  private living(): Document[] {
    return [...this.all.values(), ...this.closing_];
  }

  /** A window that typed into this file is gone while this one has it open, or not. */
  private on_left(path: string): void {
    const document = this.all.get(path);
    if (document) this.go_on_with_left(document);
    else this.on_unopened(path);
  }

  /** One after the other: a document has one author at a time. */
  private go_on_with_left(document: Document): void {
    if (!this.unsent_.paths().includes(document.path)) return;
    void document.when_quiet().then(() => {
      const left = this.all.get(document.path) === document ? this.unsent_.take(document.path) : undefined;
      if (!left) return;
      document.take_up(left);
      this.unsent_.hand_over(document, left);
      void this.reopen(document).then(() => this.go_on_with_left(document));
    });
  }

  /** As the person asks for it: a file that went is written anew, with the text that is shown here. */
  async save_now(document: Document): Promise<void> {
    if (document.gone) await this.ask(document, document.begin_reopening(), true);
    await document.save();
  }

  async convert(document: Document, to: { encoding?: Encoding; line_ending?: LineEnding }): Promise<void> {
    await this.connection_.request('document/convert', { document: document.id, ...to });
    await this.reopen(document);
  }

  /** Moved on disk, now or while there was no connection: the tab follows. */
  private follow_path(document: Document, before: string): void {
    if (before === document.path || this.all.get(before) !== document) return;
    this.all.delete(before);
    this.all.set(document.path, document);
    this.changed();
  }

  private by_id(id: string): Document | undefined {
    return [...this.all.values(), ...this.closing_].find((document) => document.id === id);
  }

  /** For what was typed: a file that went is made again. */
  private async load_or_create(path: string, options: OpenOptions): Promise<Loaded> {
    try {
      return await this.load(path, options);
    } catch (error) {
      if (!has_code(error, 'not_found')) throw error;
      return { ...(await this.load(path, { ...options, create: true })), created: true };
    }
  }

  private async load(path: string, options: OpenOptions = {}): Promise<Loaded> {
    const opened = await this.connection_.request('document/open', { path, credit: text_window, ...options });
    if (opened.paged) {
      this.connection_.request('document/close', { document: opened.document }).catch(() => {});
      throw new BerthError('too_large', t`${base_name(path)} is read in pages.`);
    }
    const text =
      opened.text === undefined && opened.channel !== undefined ? await this.read_channel(opened.channel) : opened.text;
    return { opened, text: text ?? '', created: false };
  }

  private read_channel(channel: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const channels = this.connection_.channels;
      const window = new ReceiveWindow(text_window);
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const parts: string[] = [];
      channels.open(channel, {
        on_data: (offset, payload) => {
          if (!window.on_data(offset, payload.length)) {
            channels.send_abort(channel);
            reject(new BerthError('internal', t('The file did not arrive whole. Try again.')));
            return;
          }
          parts.push(decoder.decode(payload, { stream: true }));
          const limit = window.on_consumed(payload.length);
          if (limit !== undefined) channels.send_credit(channel, limit);
        },
        on_end: () => {
          channels.close(channel);
          parts.push(decoder.decode());
          resolve(parts.join(''));
        },
        on_abort: () => reject(new BerthError('unavailable', t('The connection was lost while the file was opened.'))),
      });
    });
  }

  private async reopen(document: Document): Promise<void> {
    const attempt = document.begin_reopening();
    await document.delivered();
    if (document.is_attempt(attempt)) await this.ask(document, attempt); // else a later one answers for this one
  }

  private async ask(document: Document, attempt: number, write_again = document.has_pending()): Promise<void> {
    try {
      // Where the file went, what the person had typed is not lost with it.
      const loading = write_again
        ? this.load_or_create(document.path, document.known())
        : this.load(document.path, document.known());
      const { opened, text, created } = await loading;
      if (!document.is_attempt(attempt)) return;
      const unheard = opened.channel !== undefined && this.by_id(opened.document) !== document;
      const before = document.path;
      document.on_reopened(opened, text, created);
      this.follow_path(document, before);
      if (unheard) void this.reopen(document); // what was told under the new id while the text came
    } catch (error) {
      if (!document.is_attempt(attempt)) return;
      if (has_code(error, 'not_found') && !write_again) {
        if (document.has_pending()) return this.ask(document, attempt); // typed meanwhile
        return document.on_gone();
      }
      if (!has_code(error, 'unavailable', 'timeout')) document.on_reopen_failed(sentence_of(error));
      setTimeout(() => this.reopen_again(document, attempt), again_pause);
    }
  }

  /** Unless it was reopened or closed meanwhile; without a connection the next one reopens it. */
  private reopen_again(document: Document, attempt: number): void {
    if (this.connection_.phase !== 'connected' || !document.is_attempt(attempt)) return;
    if (this.living().includes(document)) void this.reopen(document);
  }

  private async edit(params: {
    document: string;
    base_version: number;
    operation_id: string;
    operation: Run[];
  }): Promise<EditAnswer> {
    try {
      return await this.connection_.request('document/edit', params);
    } catch (error) {
      if (has_code(error, 'unavailable')) return 'lost';
      if (has_code(error, 'stale_base')) return 'stale';
      if (has_code(error, 'conflict')) return 'over';
      if (has_code(error, 'not_found', 'timeout')) return 'unknown';
      return { refused: t`This edit was refused: ${sentence_of(error)}` };
    }
  }

  private async save(document: string): Promise<string | undefined> {
    try {
      await this.connection_.request('document/save', { document });
      return undefined;
    } catch (error) {
      return has_code(error, 'unavailable') ? undefined : sentence_of(error);
    }
  }
}
