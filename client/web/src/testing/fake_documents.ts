// SPDX-License-Identifier: GPL-3.0-or-later
// A runner's side of one document, for tests over FakeRunners: orders edits, brings older ones forward, knows each
// author's operations, tells everybody else, and answers who comes back with the changes since or with the text.
import type { DocumentChange, DocumentOpenParams, DocumentOpenResult } from '../protocol/messages';
import { TextOperation, transform, type Run } from '../protocol/text_operation';
import type { FakeRunner } from './fake_runner';

interface Accepted {
  told: DocumentChange;
  change: TextOperation;
}

export class FakeDocuments {
  document = 'd1';
  /** How many changes it can look back: what is older is answered with the text. */
  reach = Infinity;
  readonly accepted: Accepted[] = [];
  private readonly known_ = new Map<string, number>();

  constructor(
    public text: string,
    public first_version = 1,
    public path = 'project/main.py',
  ) {}

  version(): number {
    return this.first_version + this.accepted.length;
  }

  /** The runner began anew: other ids and versions, the same text, and what each author sent last. */
  begin_anew(document: string, first_version: number): void {
    this.document = document;
    this.first_version = first_version;
    this.accepted.length = 0;
  }

  /** `change` is the next version, whoever made it. */
  accept(change: TextOperation, origin: string, operation_id?: string): number {
    const text = change.apply(this.text);
    if (text === undefined) throw new Error('an edit that does not fit');
    this.text = text;
    const version = this.version() + 1;
    const id = operation_id === undefined ? {} : { operation_id };
    this.accepted.push({ told: { version, operation: change.to_wire(), origin, ...id }, change });
    if (operation_id !== undefined) this.known_.set(operation_id, version);
    return version;
  }

  opened({ known_document, known_version, operation_id }: Partial<DocumentOpenParams> = {}): DocumentOpenResult {
    const version = this.version();
    const since = known_document === this.document ? this.since(known_version ?? -1) : undefined;
    const operation_version = operation_id === undefined ? undefined : this.known_.get(operation_id);
    return {
      document: this.document,
      path: this.path,
      version,
      ...(since ? { changes: since.map(({ told }) => told) } : { text: this.text }),
      ...(operation_version === undefined ? {} : { operation_version }),
      length: this.text.length,
      encoding: 'utf8',
      line_ending: 'lf',
      read_only: false,
      disk_version: version,
      etag: 'e',
    };
  }

  /** The version of an edit; undefined when its base is too old. */
  edit(
    params: { document: string; base_version: number; operation_id: string; operation: Run[] },
    origin: string,
  ): { version: number; applied: boolean } | 'stale_base' | 'not_found' {
    const known = this.known_.get(params.operation_id);
    if (known !== undefined) return { version: known, applied: false };
    if (params.document !== this.document) return 'not_found';
    const since = this.since(params.base_version);
    if (!since) return 'stale_base';
    let change = TextOperation.from_wire(params.operation);
    for (const theirs of since) change = change && transform(change, theirs.change)?.mine;
    if (!change) throw new Error('an edit that is not about its base');
    return { version: this.accept(change, origin, params.operation_id), applied: true };
  }

  /** Answers the oldest edit; tells `others` of it. False when there is none. */
  async answer_edit(runner: FakeRunner, others: FakeRunner[] = []): Promise<boolean> {
    const params = runner.waiting('document/edit')[0]?.params;
    if (!params) return false;
    const answer = this.edit(params as never, runner.session());
    if (typeof answer === 'string') await runner.refuse('document/edit', answer);
    else await runner.reply('document/edit', { version: answer.version });
    if (typeof answer === 'object' && answer.applied) await this.tell(others, this.accepted.at(-1)?.told);
    return true;
  }

  async tell(others: FakeRunner[], accepted: DocumentChange | undefined): Promise<void> {
    if (!accepted) return;
    const { version, operation, origin } = accepted;
    for (const other of others)
      await other.notify('document/changed', { document: this.document, version, operation, origin });
  }

  /** Answers until nothing is asked. */
  async serve(runner: FakeRunner, others: FakeRunner[] = []): Promise<void> {
    for (;;) {
      await runner.settle();
      const open = runner.waiting('document/open')[0];
      if (open) await runner.reply('document/open', this.opened(open.params as Partial<DocumentOpenParams>));
      else if (!(await this.answer_edit(runner, others))) return;
    }
  }

  private since(version: number): Accepted[] | undefined {
    const back = this.version() - version;
    if (back < 0 || back > this.accepted.length || back > this.reach) return undefined;
    return back === 0 ? [] : this.accepted.slice(-back);
  }
}
