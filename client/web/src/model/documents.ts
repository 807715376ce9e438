// SPDX-License-Identifier: GPL-3.0-or-later
// All documents this window has open, over the connection: opening, long texts on channels, reopening after a drop.
import { BerthError, has_code, sentence_of } from '../connection/berth_error';
import type { WorkspaceConnection } from '../connection/workspace_connection';
import { ReceiveWindow } from '../protocol/flow_window';
import type { DocumentOpenResult, Encoding, LineEnding } from '../protocol/messages';
import { TextOperation, type Run } from '../protocol/text_operation';
import { Document, type DocumentWire, type EditAnswer } from './document';
import { Observable } from './observable';
import { UnsentTexts } from './unsent_texts';

const text_window = 1 << 20; // bytes of a long text under way

export class Documents extends Observable {
  readonly all = new Map<string, Document>(); // by path as opened in this window
  private readonly closing_ = new Set<Document>(); // closed by the person, with edits still on their way
  private readonly opening_ = new Map<string, Promise<Document>>();
  private readonly wire_: DocumentWire;

  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly unsent_ = new UnsentTexts('', undefined),
  ) {
    super();
    this.wire_ = {
      edit: (params) => {
        const document = this.by_id(params.document);
        if (document) unsent_.before_sending(document);
        return this.edit(params);
      },
      save: (document) => this.save(document),
      reopen: (document) => {
        document.begin_reopening();
        void this.reopen(document);
      },
    };
    connection_.on('document/changed', ({ document, version, operation, origin }) => {
      if (origin === connection_.hello?.session) return;
      const change = TextOperation.from_wire(operation);
      const open = this.by_id(document);
      if (!open) return;
      if (change) open.on_changed(version, change);
      else this.wire_.reopen(open);
    });
    connection_.on('document/state', (state) => {
      const open = this.by_id(state.document);
      if (!open) return;
      const before = open.path;
      open.on_state(state);
      if (before !== open.path) {
        // Moved on disk: the tab follows.
        this.all.delete(before);
        this.all.set(open.path, open);
      }
      this.changed();
    });
    connection_.on_connected(() => {
      for (const document of [...this.all.values(), ...this.closing_]) void this.resume(document);
    });
  }

  /** Opens or finds; rejects with `unsupported` for binary files. */
  open(path: string, options: { create?: boolean; encoding?: Encoding } = {}): Promise<Document> {
    const existing = this.all.get(path);
    if (existing && !options.encoding) return Promise.resolve(existing);
    for (const document of this.closing_) {
      if (document.path !== path) continue;
      this.closing_.delete(document); // opened again before its last edit was journalled
      this.all.set(path, document);
      this.changed();
      return Promise.resolve(document);
    }
    const under_way = this.opening_.get(path);
    if (under_way) return under_way;
    const left = options.encoding ? undefined : this.unsent_.left(path);
    const opening = this.load(path, left ? { create: true } : options)
      .then(({ opened, text }) => {
        const known = this.by_id(opened.document);
        const document = known ?? new Document(opened, text, this.wire_);
        this.all.set(path, document);
        if (!known) this.unsent_.follow(document);
        if (!known && left) {
          document.take_up(left);
          this.unsent_.hand_over(path, document);
          void this.resume(document);
        }
        this.changed();
        return document;
      })
      .finally(() => this.opening_.delete(path));
    this.opening_.set(path, opening);
    return opening;
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
    this.connection_.request('document/close', { document: document.id }).catch(() => {
      // Without a connection there is nothing to close: the runner drops it with the session.
    });
  }

  /** True while leaving the page would lose something typed. */
  any_at_risk(): boolean {
    return [...this.all.values(), ...this.closing_].some((document) => document.is_at_risk());
  }

  /** The page goes: what is typed and not acknowledged stays for the next one of this browser tab. */
  keep_unsent(): void {
    for (const document of [...this.all.values(), ...this.closing_]) this.unsent_.keep(document);
  }
  /** Files that the page before had typed text for. */
  unsent_paths(): string[] {
    return this.unsent_.paths();
  }

  async convert(document: Document, to: { encoding?: Encoding; line_ending?: LineEnding }): Promise<void> {
    await this.connection_.request('document/convert', { document: document.id, ...to });
    document.begin_reopening();
    await this.reopen(document);
  }

  private by_id(id: string): Document | undefined {
    return [...this.all.values(), ...this.closing_].find((document) => document.id === id);
  }

  private async load(
    path: string,
    options: { create?: boolean; encoding?: Encoding } = {},
  ): Promise<{ opened: DocumentOpenResult; text: string }> {
    const opened = await this.connection_.request('document/open', { path, credit: text_window, ...options });
    if (opened.text !== undefined || opened.channel === undefined) return { opened, text: opened.text ?? '' };
    return { opened, text: await this.read_channel(opened.channel) };
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
            reject(new BerthError('internal', 'The file did not arrive whole. Try again.'));
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
        on_abort: () => reject(new BerthError('unavailable', 'The connection was lost while the file was opened.')),
      });
    });
  }

  private async resume(document: Document): Promise<void> {
    document.begin_reopening();
    await document.settle_in_flight();
    await this.reopen(document);
  }

  private async reopen(document: Document): Promise<void> {
    try {
      const { opened, text } = await this.load(document.path);
      document.on_reopened(opened, text);
    } catch (error) {
      if (has_code(error, 'unavailable', 'timeout')) return; // the next connection tries again
      if (has_code(error, 'not_found')) return this.reopen_missing(document);
      document.on_reopen_failed(sentence_of(error));
    }
  }

  /** The file went while the connection was away: what the person had typed is not lost with it. */
  private async reopen_missing(document: Document): Promise<void> {
    if (!document.has_pending()) {
      document.deleted = true;
      document.on_reopen_failed('This file was deleted.');
      return;
    }
    try {
      const { opened, text } = await this.load(document.path, { create: true });
      document.on_reopened(opened, text);
    } catch (error) {
      document.on_reopen_failed(sentence_of(error));
    }
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
      // After a timeout nobody knows whether it was applied: the runner's text tells.
      if (has_code(error, 'stale_base', 'not_found', 'timeout')) return 'stale';
      return { refused: `This edit was refused: ${sentence_of(error)}` };
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
