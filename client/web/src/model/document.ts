// SPDX-License-Identifier: GPL-3.0-or-later
// One open document. The person types at once; one operation is in flight, later ones are composed behind it (TypedText);
// the answer means journalled. What others do meanwhile is brought around it, silently, as it comes. Only what was typed
// without a connection and meets others' changes at one place is asked about: until the person chose, nothing is sent.
import type { DocumentChange, DocumentOpenParams, DocumentOpenResult } from '../protocol/messages';
import { short_difference } from '../protocol/text_difference';
import { changed_ranges, overlapping, TextOperation } from '../protocol/text_operation';
import { changed_units, settle, theirs_behind, type Choice } from './both_sides';
import { DiskChange } from './disk_change';
import { DocumentFile } from './document_file';
import type { DocumentEditor, DocumentWire } from './document_wire';
import { as_one, missed_since } from './missed_changes';
import { TypedText, type Edited, type InFlight } from './typed_text';
import type { UnsentText } from './unsent_texts';
import { message, t } from './translation';

/** typing: not yet journalled; journalled: survives any process; on_disk: in the file; unsaved: refused, see `problem`. */
export type SaveState = 'typing' | 'journalled' | 'on_disk' | 'conflict' | 'unsaved';

interface Conflict {
  /** From the base to the others' text, which is `version`. */
  theirs: TextOperation;
  version: number;
  /** Why the person must choose. */
  reason: string;
  /** All that was typed is in question, not only what meets `theirs`. */
  all: boolean;
  /** The runner's text seems to hold some of what is unsent: `theirs` is what others did behind that. */
  doubt: boolean;
}

const perhaps_arrived = message(
  'This text was typed before the page was loaded again, and some of it may be in the file already.',
);
const perhaps_there = message(
  'Some of what you typed may be in this file already; whether it arrived is not known any more.',
);
const short_outage = 3000; // ms: what is typed in a shorter one is merged as if there had been none

export class Document extends DocumentFile {
  id: string;
  conflict: Conflict | undefined;
  /** The newest change on disk that removed text, until it is dismissed. */
  disk_change: DiskChange | undefined;
  /** Its file was gone when something typed came to it, and was made anew with all of the text; until dismissed. */
  made_anew = false;
  /** The runner has no document of this any more: its file went while nobody had it open. */
  gone = false;
  editor: DocumentEditor | undefined;
  /** Grows with each change of `unsent`. */
  unsent_revision = 0;

  private typed_: TypedText;
  private counted_in_: string; // the opening whose version `version()` is; "": none
  private reopening_ = false;
  private attempt_ = 0;
  private lost_track_ = false; // changes can't help: the whole text is needed
  private delivery_: Promise<void> | undefined; // of what is in flight, over the present connection
  private offline_since_: number | undefined;
  private typed_offline_ = false;
  private taken_over_ = false; // from an earlier page, which may have sent more than it kept
  private early_: { version: number; operation: TextOperation; origin: string; kept: string | undefined }[] = [];
  private saved_waiters_: (() => void)[] = [];

  constructor(
    opened: DocumentOpenResult,
    text: string,
    private readonly wire_: DocumentWire,
    /** What an earlier page had typed: it goes on from there, and `on_reopened` follows with the same answer. */
    left?: UnsentText,
  ) {
    super(opened);
    this.id = opened.document;
    this.counted_in_ = left ? left.document : opened.document;
    this.typed_ = left ? new TypedText(left) : TypedText.fresh(text, opened.version);
    if (left) this.goes_on_from(left);
  }

  version(): number {
    return this.typed_.version;
  }
  has_pending(): boolean {
    return this.typed_.has_pending();
  }
  save_state(): SaveState {
    if (this.conflict) return 'conflict';
    if (this.has_pending()) return 'typing';
    if (this.problem !== undefined) return 'unsaved';
    return this.disk_version_ >= this.version() && !this.deleted ? 'on_disk' : 'journalled';
  }
  /** True while the file lacks some of this text; a `problem` alone does not say so. */
  lacks_on_disk(): boolean {
    return this.has_pending() || this.disk_version_ < this.version();
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
    const base = this.typed_.base();
    return this.conflict?.theirs.apply(base) ?? base;
  }
  base(): string {
    return this.typed_.base();
  }
  /** How many places of the text were changed and are not acknowledged. */
  unsent_places(): number {
    const pending = this.typed_.pending();
    return pending ? changed_ranges(pending).length : 0;
  }
  /** A position of the runner's text at `version()`, in what the editor shows; and the other way. */
  shown_position(position: number): number | undefined {
    return this.typed_.shown_position(position);
  }
  base_position(position: number): number | undefined {
    return this.typed_.base_position(position);
  }

  /** What the runner may not have, but for the text under it (`base`); undefined when there is nothing. */
  unsent(): Omit<UnsentText, 'base' | 'kept_at'> | undefined {
    if (!this.has_pending()) return undefined;
    const typed = this.typed_;
    return {
      // Until the person chose, the base may be of an earlier opening: then nobody's version names it.
      document: this.conflict ? '' : this.counted_in_,
      base_version: typed.version,
      in_flight: typed.in_flight(),
      waiting: typed.waiting(),
      author: typed.author(),
      offline_since: this.conflict ? 0 : this.typed_offline_ ? this.offline_since_ : undefined,
    };
  }
  /** From now on `base_change` tells what happened to `base` since; no more once it is unmarked or that is too much. */
  mark_base(): void {
    this.typed_.mark_base();
  }
  unmark_base(): void {
    this.typed_.unmark_base();
  }
  base_is_marked(): boolean {
    return this.typed_.base_is_marked();
  }
  base_change(): TextOperation | undefined {
    return this.typed_.base_change();
  }

  /**
   * Another page's typed text becomes this document's, which has none of its own: a reopening follows, in which it meets
   * what this one showed.
   */
  take_up(left: UnsentText): void {
    const shown = this.text();
    this.typed_ = new TypedText(left);
    this.counted_in_ = left.document;
    this.lost_track_ = left.document !== this.id;
    this.goes_on_from(left);
    this.editor?.remote(short_difference(shown, this.text()));
    this.touched();
  }

  /** The person changed the editor's text. Undefined when the operation is not about it. */
  edit(operation: TextOperation): Edited | undefined {
    const edited = this.typed_.edit(operation);
    if (!edited || edited.operation.is_identity()) return edited;
    if (!this.wire_.is_connected()) this.typed_offline_ = true;
    this.pump();
    this.touched();
    return edited;
  }

  /** Writes to disk as soon as everything typed is journalled; resolves then, or when it can't be written. */
  save(): Promise<void> {
    // What is told of a file that can't be written is seen by this, too.
    if (this.read_only && !this.has_pending() && this.problem === undefined) return Promise.resolve();
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
  on_changed(version: number, operation: TextOperation, origin = '', kept?: string): void {
    if (this.reopening_) {
      this.early_.push({ version, operation, origin, kept });
      return;
    }
    const newest = this.newest();
    if (version <= newest) return;
    if (version !== newest + 1) return this.wire_.reopen(this);
    if (!this.take_change(version, operation, origin, kept)) return this.lose_track();
    this.touched();
  }

  on_disconnected(): void {
    this.offline_since_ ??= Date.now();
  }

  /** The wire begins to reopen; changes told from now on wait for its answer. The attempt's number: a later one replaces it. */
  begin_reopening(): number {
    this.reopening_ = true;
    return ++this.attempt_;
  }
  is_attempt(attempt: number): boolean {
    return attempt === this.attempt_;
  }
  /** Resolves once nothing is under way over this connection: what an opening answers then is how it stands. */
  delivered(): Promise<void> {
    return this.delivery_ ?? Promise.resolve();
  }
  /** What the runner is told of the text here when it is asked again. */
  known(): Pick<DocumentOpenParams, 'known_document' | 'known_version' | 'operation_id'> {
    const in_flight = this.typed_.in_flight();
    return {
      ...(this.lost_track_ ? {} : { known_document: this.id, known_version: this.newest() }),
      ...(in_flight ? { operation_id: in_flight.operation_id } : {}),
    };
  }

  /**
   * The answer to `known`: the changes since, or the runner's whole text. `created`: there was no such file, and an empty one
   * was made to take what is shown here.
   */
  on_reopened(opened: DocumentOpenResult, text: string, created = false): void {
    this.reopening_ = this.gone = false;
    const unsent = this.has_pending();
    const known_before = this.counted_in_ === opened.document;
    this.id = this.counted_in_ = opened.document;
    this.take_opened(opened);
    if (unsent && (created || this.deleted)) this.made_anew = true;
    if (opened.changes) {
      if (!this.catch_up(opened.changes)) return this.lose_track();
    } else if (created && text === '') {
      this.begin_with_all(opened.version);
    } else {
      this.take_runner_text(text, opened.version, opened.operation_version, known_before);
    }
    this.lost_track_ = this.taken_over_ = false;
    this.offline_since_ = undefined;
    if (!this.conflict) this.typed_offline_ = false;
    const early = this.early_;
    this.early_ = [];
    for (const { version, operation, origin, kept } of early) this.on_changed(version, operation, origin, kept);
    const in_flight = this.typed_.in_flight();
    if (in_flight) this.deliver(in_flight);
    this.pump();
    this.save_when_quiet();
    this.touched();
  }

  /** There is no such file, and the runner knows of no document of it. */
  on_gone(): void {
    this.gone = this.deleted = true;
    this.on_reopen_failed(t('This file was deleted.'));
  }
  /** Reopening failed: the text stays, and the person is told. */
  on_reopen_failed(problem: string): void {
    this.reopening_ = false;
    this.early_ = [];
    this.problem = problem;
    this.changed();
  }

  /** The person's answer to a conflict. What is given up of their text stays one undo away. */
  choose(choice: Choice): void {
    if (!this.conflict) return;
    const { theirs, version, all } = this.conflict;
    const mine = this.typed_.pending() ?? TextOperation.identity(this.typed_.base_length());
    const settled = settle(this.typed_.base(), mine, theirs, choice, all);
    if (!settled) return this.lose_track();
    const { given_up, remote, pending } = settled;
    const inverse = given_up.invert(this.text());
    this.conflict = undefined;
    this.typed_offline_ = false;
    this.typed_.restart(theirs, version, pending, [given_up, remote]);
    if (inverse && !given_up.is_identity()) this.editor?.own(given_up, inverse);
    if (!remote.is_identity()) this.editor?.remote(remote);
    this.pump();
    this.touched();
  }

  dismiss_disk_change(): void {
    this.disk_change = undefined;
    this.changed();
  }
  dismiss_made_anew(): void {
    this.made_anew = false;
    this.changed();
  }

  /** The runner's version that this document is at, also while the person has not chosen yet. */
  private newest(): number {
    return this.conflict?.version ?? this.version();
  }

  private goes_on_from({ offline_since, kept_at }: UnsentText): void {
    this.reopening_ = true;
    this.taken_over_ = true;
    this.typed_offline_ = true;
    this.offline_since_ = offline_since ?? kept_at;
  }

  private touched(): void {
    ++this.unsent_revision;
    this.changed();
  }

  /** What came does not fit what is here: only the whole text helps. */
  private lose_track(): void {
    this.lost_track_ = true;
    this.wire_.reopen(this);
  }

  /** Another writer's operation, the next version, around what was typed. False when it does not fit. */
  private take_change(version: number, operation: TextOperation, origin: string, kept?: string): boolean {
    const before = this.conflict ? this.theirs.bind(this) : this.base.bind(this);
    if (origin === 'disk') this.disk_change = DiskChange.after(this.disk_change, before, operation, kept);
    if (this.conflict) {
      const theirs = this.conflict.theirs.compose(operation);
      if (!theirs) return false;
      this.conflict = { ...this.conflict, theirs, version };
      return true;
    }
    const around = this.typed_.take_remote(operation, version);
    if (around && !around.is_identity()) this.editor?.remote(around);
    return around !== undefined;
  }

  /** What happened since `known`, one by one in the runner's order. False when it does not fit. */
  private catch_up(changes: readonly DocumentChange[]): boolean {
    const missed = missed_since(this.newest(), changes);
    if (!missed) return false;
    const flying = this.typed_.in_flight();
    if (!this.conflict && this.asks()) {
      const { theirs, arrived } = as_one(this.typed_.base_length(), missed, flying);
      const pending = arrived ? this.typed_.waiting() : this.typed_.pending();
      if (theirs && pending && overlapping(pending, theirs)) {
        if (arrived) this.typed_.acknowledge(this.version());
        else this.typed_.take_back();
        this.enter_conflict(theirs, missed.at(-1)?.version ?? this.version());
        return true;
      }
    }
    for (const { version, operation, origin, operation_id } of missed) {
      if (operation_id !== undefined && operation_id === this.typed_.in_flight()?.operation_id)
        this.typed_.acknowledge(version);
      else if (!this.take_change(version, operation, origin)) return false;
    }
    return true;
  }

  /** `known_before`: of the opening that this document was in, so that versions compare. */
  private take_runner_text(
    text: string,
    version: number,
    operation_version: number | undefined,
    known_before: boolean,
  ): void {
    if (this.conflict) {
      const behind = this.conflict.doubt
        ? this.typed_.pending()?.compose(short_difference(this.text(), text))
        : undefined;
      this.conflict = { ...this.conflict, theirs: behind ?? short_difference(this.typed_.base(), text), version };
      return;
    }
    const least = this.least_in_doubt(operation_version === undefined);
    // Without a version of its own it was not applied, and its base may be forgotten: it goes anew.
    if (operation_version === undefined) this.typed_.take_back();
    else if (known_before && operation_version <= this.version()) this.typed_.take_back_afresh();
    else this.typed_.acknowledge(version);
    const pending = this.typed_.pending();
    // All of it is there, or somebody did the very same.
    if (pending && text === this.text())
      return this.typed_.restart(pending, version, TextOperation.identity(text.length), []);
    const theirs = short_difference(this.typed_.base(), text);
    if (pending && least !== undefined && !theirs.is_identity()) {
      const behind = theirs_behind(pending, theirs, this.text(), text, least);
      if (behind) return this.enter_conflict(behind, version, t(perhaps_there), false, true);
    }
    if (pending && this.asks() && overlapping(pending, theirs)) return this.enter_conflict(theirs, version);
    this.take_change(version, theirs, '');
  }

  /**
   * How many units of what was typed the runner's text must seem to hold for the person to be asked; undefined where it can
   * have them by chance alone. An id may be forgotten: so many edited since, or an earlier page sent more than it kept.
   */
  private least_in_doubt(unknown: boolean): number | undefined {
    if (this.taken_over_) return 1;
    const in_flight = unknown ? this.typed_.in_flight() : undefined;
    return in_flight && Math.floor(changed_units(in_flight.operation) / 2) + 1;
  }

  /** The runner's text is empty: all that is shown here is typed into it. */
  private begin_with_all(version: number): void {
    const all = new TextOperation().insert(this.text());
    this.conflict = undefined;
    this.typed_.restart(new TextOperation().remove(this.typed_.base_length()), version, all, []);
  }

  /** True when what was typed went without a connection long enough to ask before it is merged. */
  private asks(): boolean {
    return this.typed_offline_ && Date.now() - (this.offline_since_ ?? Infinity) > short_outage;
  }

  private ask_about_all(reason: string): void {
    this.enter_conflict(TextOperation.identity(this.typed_.base_length()), this.version(), reason, true);
  }

  private enter_conflict(
    theirs: TextOperation,
    version: number,
    reason = t('This file was changed elsewhere while you were typing without a connection.'),
    all = false,
    doubt = false,
  ): void {
    this.conflict = { theirs, version, reason, all, doubt };
  }

  private pump(): void {
    if (this.conflict || this.reopening_ || !this.wire_.is_connected()) return;
    const in_flight = this.typed_.launch();
    if (in_flight) this.deliver(in_flight);
  }

  private deliver(in_flight: InFlight): void {
    const delivery = this.exchange(in_flight).finally(() => {
      if (this.delivery_ === delivery) this.delivery_ = undefined;
    });
    this.delivery_ = delivery;
  }

  private async exchange({ operation_id, base_version, sent }: InFlight): Promise<void> {
    const kept = this.wire_.before_sending(this);
    if (kept) await kept;
    const { id } = this;
    const answer = await this.wire_.edit({ document: id, base_version, operation_id, operation: sent.to_wire() });
    // Without a connection, or while the runner is asked how it stands, its next answer tells.
    if (answer === 'lost' || this.reopening_ || this.typed_.in_flight()?.operation_id !== operation_id) return;
    if (answer === 'stale') this.typed_.take_back();
    if (answer === 'stale' || answer === 'unknown') return this.wire_.reopen(this);
    if (answer === 'over') {
      this.typed_.take_back_afresh();
      this.ask_about_all(t(perhaps_arrived));
    } else if ('refused' in answer) {
      this.typed_.take_back();
      this.ask_about_all(answer.refused);
    } else if (answer.version <= this.version()) {
      // All up to here was told, and this was not in it: the id was known for another operation.
      this.typed_.take_back_afresh();
      this.pump();
    } else if (answer.version !== this.version() + 1) {
      return this.wire_.reopen(this); // something was not told
    } else {
      this.typed_.acknowledge(answer.version);
      this.pump();
      this.save_when_quiet();
    }
    this.touched();
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
}
