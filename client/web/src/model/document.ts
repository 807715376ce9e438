// SPDX-License-Identifier: GPL-3.0-or-later
// One open document. The person types at once; one operation is in flight, later ones are composed behind it (TypedText);
// the answer means journalled. When another writer was first, edits at other places are brought around each other; where
// both touched one place nothing is lost either: the person chooses between both texts. In conflict, `theirs` is the
// runner's newest text beside the person's, and nothing is sent.
import type {
  DocumentOpenResult,
  DocumentStateParams,
  Encoding,
  LineEnding,
  ReadOnlyReason,
} from '../protocol/messages';
import { TextOperation, type Run } from '../protocol/text_operation';
import { LazyText } from './lazy_text';
import { Observable } from './observable';
import { TypedText, type InFlight } from './typed_text';
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

interface Conflict {
  theirs: LazyText;
  version: number;
  /** Why the person must choose. */
  reason: string;
}

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

  private disk_version_: number;
  private stored_version_: number | undefined;
  private typed_: TypedText;
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
    this.disk_version_ = opened.disk_version;
    const nothing = { in_flight: undefined, waiting: undefined };
    this.typed_ = new TypedText({ base: text, base_version: opened.version, ...nothing });
  }

  version(): number {
    return this.typed_.version;
  }
  has_pending(): boolean {
    return this.typed_.has_pending();
  }
  /** True while closing the window would lose something typed. */
  is_at_risk(): boolean {
    return this.has_pending() || this.conflict !== undefined;
  }
  save_state(): SaveState {
    if (this.conflict) return 'conflict';
    if (this.has_pending()) return 'typing';
    if (this.problem !== undefined) return 'unsaved';
    return this.disk_version_ >= this.version() && !this.deleted ? 'on_disk' : 'journalled';
  }
  /** True when a stored version holds this text: it survives the loss of the workspace's disk. */
  is_stored(): boolean {
    return (
      this.stored_version_ !== undefined && this.stored_version_ >= this.version() && this.save_state() === 'on_disk'
    );
  }
  /** What the editor shows. */
  text(): string {
    return this.typed_.read();
  }
  theirs(): string {
    return this.conflict?.theirs.read() ?? this.typed_.base();
  }

  base_length(): number {
    return this.typed_.base_length();
  }
  /** What the runner may not have; undefined when there is nothing. */
  unsent(): UnsentText | undefined {
    return this.has_pending() ? { document: this.id, ...this.typed_.parts() } : undefined;
  }
  /** Goes on where an earlier page stopped, as after a lost connection: settle and reopen follow. */
  take_up({ document, ...parts }: UnsentText): void {
    this.reopening_ = true;
    this.id = document;
    this.typed_ = new TypedText(parts);
  }

  /** The person changed the editor's text. */
  edit(operation: TextOperation): void {
    if (operation.is_identity()) return;
    this.typed_.edit(operation);
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
    const newest = this.conflict?.version ?? this.version();
    if (version <= newest) return;
    if (version !== newest + 1) return this.wire_.reopen(this);
    if (this.conflict) {
      if (!this.conflict.theirs.apply(operation)) return this.wire_.reopen(this);
      this.conflict.version = version;
    } else if (operation.base_length() !== this.base_length() || !this.take_remote(operation, version)) {
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
    const in_flight = this.typed_.in_flight();
    if (!in_flight || this.conflict) return;
    const answer = await this.send(in_flight);
    if (typeof answer === 'object' && 'version' in answer) this.typed_.acknowledge(answer.version);
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
    if (!operation.is_identity()) this.typed_.edit(operation);
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
    if (this.typed_.overlaps(operation)) {
      const theirs = new LazyText(this.typed_.base());
      if (!theirs.apply(operation)) return false;
      this.enter_conflict(theirs, version);
      return true;
    }
    const around = this.typed_.take_remote(operation, version);
    if (!around) return false;
    this.on_remote?.(around);
    return true;
  }

  private take_runner_text(version: number, text: string): void {
    if (this.conflict) {
      this.conflict = { ...this.conflict, theirs: new LazyText(text), version };
      if (text === this.text()) this.leave_conflict(text);
      return;
    }
    const theirs = this.typed_.settle(text, version);
    if (theirs) this.take_remote(theirs, version);
    if (!this.conflict) this.typed_.version = version;
  }

  private enter_conflict(
    theirs: LazyText,
    version: number,
    reason = 'This file was changed elsewhere while you were typing.',
  ): void {
    this.conflict = { theirs, version, reason };
  }

  private leave_conflict(theirs: string): void {
    this.typed_.restart(theirs, this.conflict?.version ?? this.version());
    this.conflict = undefined;
  }

  private pump(): void {
    if (this.conflict || this.reopening_) return;
    const in_flight = this.typed_.launch();
    if (in_flight) void this.deliver(in_flight);
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
    if (this.typed_.in_flight() !== in_flight) return; // settled another way meanwhile
    if (this.reopening_) {
      // Journalled all the same: the text that is on its way holds it.
      if (typeof answer === 'object' && 'version' in answer && !this.conflict) this.typed_.acknowledge(answer.version);
      return;
    }
    if (answer === 'lost') return; // sent again when the connection is back
    if (answer === 'stale') {
      if (this.conflict) return;
      if (in_flight.base_version === this.version()) return this.wire_.reopen(this);
      this.typed_.take_back(); // brought around what came meanwhile, it goes again at once
      return this.pump();
    }
    if ('refused' in answer) {
      if (!this.conflict) this.enter_conflict(new LazyText(this.typed_.base()), this.version(), answer.refused);
    } else if (this.conflict) {
      // A change told earlier came after this edit: what stands at the runner holds both.
      this.wire_.reopen(this);
    } else {
      this.typed_.acknowledge(answer.version);
      this.pump();
      this.save_when_quiet();
    }
    this.changed();
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
