// SPDX-License-Identifier: GPL-3.0-or-later
// One open document. The person types at once; one operation is in flight, later ones are composed behind it; the answer
// means journalled. When another writer was first, edits at other places are brought around each other; where both touched
// one place nothing is lost either: the person chooses between both texts.
//
//   editor text = base text · in flight · waiting            (base: the runner's text at `version`)
//   in conflict, `theirs_` is the runner's newest text beside it, and nothing is sent.
import type {
  DocumentOpenResult,
  DocumentStateParams,
  Encoding,
  LineEnding,
  ReadOnlyReason,
} from '../protocol/messages';
import { TextOperation, type Run } from '../protocol/text_operation';
import { LazyText } from './lazy_text';
import { overlapping, transform } from './operation_transform';
import { Observable } from './observable';
import type { UnsentText } from './unsent_texts';

/** typing: not yet journalled; journalled: survives any process; on_disk: in the file; unsaved: refused, see `problem`. */
export type SaveState = 'typing' | 'journalled' | 'on_disk' | 'conflict' | 'unsaved';

export type EditAnswer = 'stale' | 'lost' | { version: number } | { refused: string };

/** What a document needs from the connection. */
export interface DocumentWire {
  edit(params: { document: string; base_version: number; operation_id: string; operation: Run[] }): Promise<EditAnswer>;
  /** Writes to disk now; resolves with a sentence when that failed. */
  save(document: string): Promise<string | undefined>;
  /** Asks for a reopening: the runner's text is needed. */
  reopen(document: Document): void;
}

interface InFlight {
  operation: TextOperation;
  operation_id: string;
  /** The version it was made for; an older one than the document's: the runner refuses it, and it goes again. */
  base_version: number;
}

interface Conflict {
  theirs: LazyText;
  version: number;
  /** Why the person must choose. */
  reason: string;
}

const origin = Math.random().toString(36).slice(2, 12); // of this window, part of its operation ids
let operations_made = 0;

export class Document extends Observable {
  id: string;
  path: string;
  encoding: Encoding;
  line_ending: LineEnding;
  read_only: boolean;
  reason: ReadOnlyReason | undefined;
  deleted = false;
  /** Why the text can't be written to disk, or why an edit was refused. */
  problem: string | undefined;
  conflict_copy: string | undefined;
  conflict: Conflict | undefined;
  /** Operations to apply to the editor: another session's, the disk's, or the person's choice in a conflict. */
  on_remote: ((operation: TextOperation) => void) | undefined;

  private version_: number;
  private disk_version_: number;
  private stored_version_: number | undefined;
  private base_: LazyText;
  private in_flight_: InFlight | undefined;
  private waiting_: TextOperation | undefined;
  private reopening_ = false;
  private early_: { version: number; operation: TextOperation }[] = []; // changes told while reopening
  private saved_waiters_: (() => void)[] = [];

  constructor(
    opened: DocumentOpenResult,
    text: string,
    private readonly wire_: DocumentWire,
  ) {
    super();
    this.id = opened.document;
    this.path = opened.path;
    this.encoding = opened.encoding;
    this.line_ending = opened.line_ending;
    this.read_only = opened.read_only;
    this.reason = opened.reason;
    this.version_ = opened.version;
    this.disk_version_ = opened.disk_version;
    this.base_ = new LazyText(text);
  }

  version(): number {
    return this.version_;
  }
  has_pending(): boolean {
    return this.in_flight_ !== undefined || this.waiting_ !== undefined;
  }
  /** True while closing the window would lose something typed. */
  is_at_risk(): boolean {
    return this.has_pending() || this.conflict !== undefined;
  }
  save_state(): SaveState {
    if (this.conflict) return 'conflict';
    if (this.has_pending()) return 'typing';
    if (this.problem !== undefined) return 'unsaved';
    return this.disk_version_ >= this.version_ && !this.deleted ? 'on_disk' : 'journalled';
  }
  /** True when a stored version holds this text: it survives the loss of the workspace's disk. */
  is_stored(): boolean {
    return (
      this.stored_version_ !== undefined && this.stored_version_ >= this.version_ && this.save_state() === 'on_disk'
    );
  }
  /** What the editor shows. */
  text(): string {
    let text = this.base_.read();
    if (this.in_flight_) text = this.in_flight_.operation.apply(text) ?? text;
    if (this.waiting_) text = this.waiting_.apply(text) ?? text;
    return text;
  }
  theirs(): string {
    return this.conflict?.theirs.read() ?? this.base_.read();
  }

  base_length(): number {
    return this.base_.length();
  }
  /** What the runner may not have; undefined when there is nothing. */
  unsent(): UnsentText | undefined {
    if (!this.has_pending()) return undefined;
    return {
      document: this.id,
      base: this.base_.read(),
      base_version: this.version_,
      in_flight: this.in_flight_,
      waiting: this.waiting_,
    };
  }
  /** Goes on where an earlier page stopped, as after a lost connection: settle and reopen follow. */
  take_up(unsent: UnsentText): void {
    this.reopening_ = true;
    this.id = unsent.document;
    this.base_ = new LazyText(unsent.base);
    this.version_ = unsent.base_version;
    this.in_flight_ = unsent.in_flight;
    this.waiting_ = unsent.waiting;
  }

  /** The person changed the editor's text. */
  edit(operation: TextOperation): void {
    if (operation.is_identity()) return;
    this.waiting_ = this.waiting_ ? this.waiting_.compose(operation) : operation;
    this.pump();
    this.changed();
  }

  /** Writes to disk as soon as everything typed is journalled; resolves then, or when it can't be written. */
  save(): Promise<void> {
    return new Promise((resolve) => {
      this.saved_waiters_.push(resolve);
      this.save_when_quiet();
    });
  }

  /** Resolves once nothing typed waits for the runner. */
  when_quiet(): Promise<void> {
    if (!this.has_pending()) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.has_pending()) return;
        stop();
        resolve();
      });
    });
  }

  /** document/changed */
  on_changed(version: number, operation: TextOperation): void {
    if (this.reopening_) {
      this.early_.push({ version, operation });
      return;
    }
    const newest = this.conflict?.version ?? this.version_;
    if (version <= newest) return;
    if (version !== newest + 1) return this.wire_.reopen(this);
    if (this.conflict) {
      if (!this.conflict.theirs.apply(operation)) return this.wire_.reopen(this);
      this.conflict.version = version;
    } else if (operation.base_length() !== this.base_.length() || !this.take_remote(operation, version)) {
      return this.wire_.reopen(this);
    }
    this.changed();
  }

  /** document/state */
  on_state(state: DocumentStateParams): void {
    this.path = state.path;
    this.encoding = state.encoding;
    this.line_ending = state.line_ending;
    this.read_only = state.read_only;
    if (!state.read_only) this.reason = undefined;
    this.deleted = state.deleted;
    this.problem = state.problem;
    this.conflict_copy = state.conflict_copy;
    this.disk_version_ = state.disk_version;
    this.stored_version_ = state.stored_version;
    this.changed();
  }

  /** The connection is back: sends again what was not answered, with its old id; the runner applies it once. */
  async settle_in_flight(): Promise<void> {
    this.reopening_ = true;
    if (!this.in_flight_ || this.conflict) return;
    const answer = await this.send(this.in_flight_);
    if (typeof answer === 'object' && 'version' in answer) this.acknowledge(answer.version);
  }

  /** The runner's text as it is now, after a lost connection or a refused edit. */
  on_reopened(opened: DocumentOpenResult, text: string): void {
    this.reopening_ = false;
    this.id = opened.document;
    this.path = opened.path;
    this.encoding = opened.encoding;
    this.line_ending = opened.line_ending;
    this.read_only = opened.read_only;
    this.reason = opened.reason;
    this.disk_version_ = opened.disk_version;
    this.stored_version_ = undefined;
    this.deleted = false;
    this.problem = undefined;
    this.take_runner_text(opened.version, text);
    const early = this.early_;
    this.early_ = [];
    for (const { version, operation } of early) this.on_changed(version, operation);
    this.pump();
    this.save_when_quiet();
    this.changed();
  }

  /** Reopening failed: the text stays, and the person is told. */
  on_reopen_failed(problem: string): void {
    this.reopening_ = false;
    this.early_ = [];
    this.problem = problem;
    this.changed();
  }

  keep_mine(): void {
    if (!this.conflict) return;
    const mine = this.text();
    const theirs = this.conflict.theirs.read();
    this.leave_conflict(theirs);
    const operation = TextOperation.difference(theirs, mine);
    this.waiting_ = operation.is_identity() ? undefined : operation;
    this.pump();
    this.changed();
  }

  /** The person's text stays one undo away. */
  take_theirs(): void {
    if (!this.conflict) return;
    const mine = this.text();
    const theirs = this.conflict.theirs.read();
    this.leave_conflict(theirs);
    this.on_remote?.(TextOperation.difference(mine, theirs));
    this.changed();
  }

  /** Their operation on the base: around the person's edits, or into a conflict. False when it does not fit. */
  private take_remote(operation: TextOperation, version: number): boolean {
    const pending = this.pending();
    if (pending && overlapping(pending, operation)) {
      const theirs = new LazyText(this.base_.read());
      if (!theirs.apply(operation)) return false;
      this.enter_conflict(theirs, version);
      return true;
    }
    let around: TextOperation | undefined = operation;
    if (this.in_flight_) {
      const moved = transform(this.in_flight_.operation, around);
      if (!moved) return false;
      this.in_flight_ = Object.assign(this.in_flight_, { operation: moved.mine });
      around = moved.theirs;
    }
    if (this.waiting_) {
      const moved = transform(this.waiting_, around);
      if (!moved) return false;
      this.waiting_ = moved.mine;
      around = moved.theirs;
    }
    this.base_.apply(operation);
    this.version_ = version;
    this.on_remote?.(around);
    return true;
  }

  /** Everything typed and not acknowledged, as one operation on the base. */
  private pending(): TextOperation | undefined {
    if (!this.in_flight_) return this.waiting_;
    return this.waiting_ ? this.in_flight_.operation.compose(this.waiting_) : this.in_flight_.operation;
  }

  /** What is in flight was not applied: it goes again, under a new id because the document may be a new one. */
  private take_back_in_flight(): void {
    this.waiting_ = this.pending();
    this.in_flight_ = undefined;
  }

  private take_runner_text(version: number, text: string): void {
    if (this.conflict) {
      this.conflict = { ...this.conflict, theirs: new LazyText(text), version };
      if (text === this.text()) this.leave_conflict(text);
      return;
    }
    const base = this.base_.read();
    const pending = this.pending();
    if (this.in_flight_ && text !== base && text === this.in_flight_.operation.apply(base)) {
      this.acknowledge(version); // it had arrived, only its answer was lost
    } else if (pending && text !== base && text === this.text()) {
      this.in_flight_ = this.waiting_ = undefined;
      this.base_ = new LazyText(text);
    } else {
      this.take_back_in_flight();
      if (text !== base) this.take_remote(TextOperation.difference(base, text), version);
    }
    if (!this.conflict) this.version_ = version;
  }

  private enter_conflict(
    theirs: LazyText,
    version: number,
    reason = 'This file was changed elsewhere while you were typing.',
  ): void {
    this.conflict = { theirs, version, reason };
  }

  private leave_conflict(theirs: string): void {
    this.version_ = this.conflict?.version ?? this.version_;
    this.base_ = new LazyText(theirs);
    this.in_flight_ = undefined;
    this.waiting_ = undefined;
    this.conflict = undefined;
  }

  private pump(): void {
    if (this.in_flight_ || !this.waiting_ || this.conflict || this.reopening_) return;
    const operation_id = `${origin}-${++operations_made}`;
    this.in_flight_ = { operation: this.waiting_, operation_id, base_version: this.version_ };
    this.waiting_ = undefined;
    void this.deliver(this.in_flight_);
  }

  private send(in_flight: InFlight): Promise<EditAnswer> {
    return this.wire_.edit({
      document: this.id,
      base_version: in_flight.base_version,
      operation_id: in_flight.operation_id,
      operation: in_flight.operation.to_wire(),
    });
  }

  private async deliver(in_flight: InFlight): Promise<void> {
    const answer = await this.send(in_flight);
    if (this.in_flight_ !== in_flight) return; // settled another way meanwhile
    if (this.reopening_) {
      // Journalled all the same: the text that is on its way holds it.
      if (typeof answer === 'object' && 'version' in answer && !this.conflict) this.acknowledge(answer.version);
      return;
    }
    if (answer === 'lost') return; // sent again when the connection is back
    if (answer === 'stale') {
      if (this.conflict) return;
      if (in_flight.base_version === this.version_) return this.wire_.reopen(this);
      this.take_back_in_flight(); // brought around what came meanwhile, it goes again at once
      return this.pump();
    }
    if ('refused' in answer) {
      if (!this.conflict) this.enter_conflict(new LazyText(this.base_.read()), this.version_, answer.refused);
    } else if (this.conflict) {
      // A change told earlier came after this edit: what stands at the runner holds both.
      this.wire_.reopen(this);
    } else {
      this.acknowledge(answer.version);
      this.pump();
      this.save_when_quiet();
    }
    this.changed();
  }

  private acknowledge(version: number): void {
    if (this.in_flight_) this.base_.apply(this.in_flight_.operation);
    this.in_flight_ = undefined;
    this.version_ = version;
  }

  private save_when_quiet(): void {
    if (this.saved_waiters_.length === 0 || this.has_pending() || this.conflict || this.reopening_) return;
    const waiters = this.saved_waiters_;
    this.saved_waiters_ = [];
    void this.wire_.save(this.id).then((problem) => {
      for (const waiter of waiters) waiter();
      if (problem === undefined) return;
      this.problem = problem;
      this.changed();
    });
  }

  /** The wire begins to reopen; changes told from now on wait for its text. */
  begin_reopening(): void {
    this.reopening_ = true;
  }
}
