// SPDX-License-Identifier: GPL-3.0-or-later
// Who else is in the workspace and where they are; where this window is, told to them; following one of them. Views say
// where the person is and paint what is told here; positions are those of the text as the editor shows it.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { Participant, PresenceSetParams, TextSelection } from '../protocol/messages';
import type { Bias, TextOperation } from '../protocol/text_operation';
import type { Document } from './document';
import { Observable } from './observable';
import { t } from './translation';

/** What presence needs of an open document. */
export type PlacedDocument = Pick<Document, 'id' | 'version' | 'shown_position' | 'base_position'>;

/** Where the person is in a text; positions as the editor shows it now. */
export interface TextPlace {
  document?: PlacedDocument | undefined;
  /** The main one first. */
  selections: TextSelection[];
  /** Position of the first line in view. */
  top?: number | undefined;
}

interface Known {
  said: Participant;
  /** Its positions were brought to the text of the document here, and move with it. */
  placed: boolean;
}

const sending_pause = 60; // ms between two words of where this window is
const most_selections = 64; // as the runner takes them

/** "AL" for Ada Lovelace. */
export function initials(name: string): string {
  const letters = name
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '');
  return letters.join('') || '?';
}

export class Presence extends Observable {
  /** The session whose views this window shows. */
  following: string | undefined;
  /** Asked for each time this window's place is told; set by the editor's view. */
  text_place: () => TextPlace = () => ({ selections: [] });

  private readonly people_ = new Map<string, Known>();
  private readonly cursor_listeners_ = new Set<(document: PlacedDocument) => void>();
  private readonly follow_listeners_ = new Set<(who: Participant) => void>();
  private origin_ = ''; // of the change that is being applied
  private said_ = ''; // the last that was told
  private pause_: ReturnType<typeof setTimeout> | undefined;
  private moved_ = false;
  private online_ = false;
  private terminal_: string | undefined;

  /** `open_document`: by the runner's id. */
  constructor(
    private readonly connection_: WorkspaceConnection,
    private readonly open_document_: (id: string) => PlacedDocument | undefined,
  ) {
    super();
    connection_.on('presence/changed', ({ participant }) => this.take(participant));
    connection_.on('presence/left', ({ session }) => this.forget(session));
    connection_.on('document/changed', ({ origin }) => {
      this.origin_ = origin;
      queueMicrotask(() => (this.origin_ = '')); // it is applied, if it is applied now
    });
    connection_.on_connected(() => void this.list());
    connection_.subscribe(() => {
      const online = connection_.phase === 'connected';
      if (this.online_ && !online) this.on_lost();
      this.online_ = online;
    });
  }

  /** Everybody, this window too, in the order they came. */
  all(): Participant[] {
    return [...this.people_.values()].map(({ said }) => said).sort((a, b) => a.since - b.since);
  }
  /** Everybody but this window. */
  others(): Participant[] {
    return this.all().filter((who) => !this.is_self(who));
  }
  find(session: string): Participant | undefined {
    return this.people_.get(session)?.said;
  }
  is_self(who: Participant): boolean {
    return who.session === this.connection_.hello?.session;
  }

  /** The person's name, and where one has several windows, which: "Ada (you, another window)", "Grace (2)". */
  label(who: Participant): string {
    if (this.is_self(who)) return t`${who.name} (you)`;
    const self = this.find(this.connection_.hello?.session ?? '');
    if (self?.user === who.user) return t`${who.name} (you, another window)`;
    const windows = this.all().filter(({ user }) => user === who.user);
    const at = windows.findIndex(({ session }) => session === who.session);
    return at > 0 ? `${who.name} (${at + 1})` : who.name;
  }

  /** Others who look at this text and are connected; their positions fit the text as it is. */
  in(document: PlacedDocument): Participant[] {
    return [...this.people_.values()]
      .filter(({ said, placed }) => placed && said.connected && said.document === document.id && !this.is_self(said))
      .map(({ said }) => said);
  }

  /** Called when cursors moved in a document. */
  on_cursors(listener: (document: PlacedDocument) => void): () => void {
    this.cursor_listeners_.add(listener);
    return () => this.cursor_listeners_.delete(listener);
  }
  /** Called when the one that is followed moved. */
  on_follow(listener: (who: Participant) => void): () => void {
    this.follow_listeners_.add(listener);
    return () => this.follow_listeners_.delete(listener);
  }

  /** A document was opened here: where the others are in it was told for an older version, perhaps. */
  opened(): void {
    if (this.connection_.phase === 'connected') void this.list();
  }

  /** The document's text was changed, here or elsewhere: positions in it move. */
  text_changed(document: PlacedDocument, operation: TextOperation): void {
    let any = false;
    for (const [session, known] of this.people_) {
      if (!known.placed || known.said.document !== document.id) continue;
      const bias: Bias = session === this.origin_ ? 'after' : 'before';
      const move = (position: number, side: Bias) =>
        operation.map_position(position, side) ?? operation.target_length();
      known.said = {
        ...known.said,
        selections: known.said.selections.map(({ anchor, head }) => ({
          anchor: move(anchor, bias),
          head: move(head, bias),
        })),
        ...(known.said.top === undefined ? {} : { top: move(known.said.top, 'before') }),
      };
      any = true;
    }
    if (any) this.cursors_changed(document);
  }
  /** The runner's version of the document grew, or was read anew: what was told ahead of it finds its place. */
  caught_up(document: PlacedDocument): void {
    let any = false;
    for (const [session, known] of this.people_) {
      if (known.placed || known.said.document !== document.id || !this.put(known)) continue;
      any = true;
      if (session === this.following) this.tell_followed(known.said);
    }
    if (any) this.cursors_changed(document);
  }

  /** This window opens and scrolls what the other one looks at. */
  follow(session: string): void {
    const who = this.find(session);
    if (!who || this.is_self(who) || session === this.following) return;
    this.following = session;
    this.changed();
    this.moved();
    this.tell_followed(who);
  }
  stop_following(): void {
    if (this.following === undefined) return;
    this.following = undefined;
    this.changed();
    this.moved();
  }

  /** The terminal that shows here. */
  look_at_terminal(terminal: string | undefined): void {
    this.terminal_ = terminal;
    this.moved();
  }

  /** The place may have changed: it is told soon, if it did. */
  moved(): void {
    if (this.pause_ !== undefined) this.moved_ = true;
    else this.tell();
  }

  private async list(): Promise<void> {
    try {
      const { participants } = await this.connection_.request('presence/list', {});
      for (const session of [...this.people_.keys()])
        if (!participants.some((who) => who.session === session)) this.forget(session);
      for (const who of participants) this.take(who);
      this.said_ = '';
      this.moved();
    } catch {
      // Lost again: the next connection asks again.
    }
  }

  private on_lost(): void {
    // Nobody knows who is there now; who was shows as away.
    const documents = new Set<PlacedDocument>();
    for (const known of this.people_.values()) {
      known.said = { ...known.said, connected: false };
      const document = this.document_of(known.said);
      if (document) documents.add(document);
    }
    for (const document of documents) this.cursors_changed(document);
    this.changed();
  }

  private take(who: Participant): void {
    const before = this.people_.get(who.session)?.said;
    const known: Known = { said: who, placed: false };
    this.people_.set(who.session, known);
    this.put(known);
    const left = before && this.document_of(before);
    const there = this.document_of(who);
    if (left && left !== there) this.cursors_changed(left);
    if (there) this.cursors_changed(there);
    const shown = ({ path, terminal, connected, following, role, name, colour }: Participant) =>
      JSON.stringify([path, terminal, connected, following, role, name, colour]);
    if (!before || shown(before) !== shown(who)) this.changed();
    if (who.session === this.following) this.tell_followed(known.said);
  }

  private forget(session: string): void {
    const known = this.people_.get(session);
    if (!known) return;
    this.people_.delete(session);
    if (this.following === session) this.stop_following();
    const document = this.document_of(known.said);
    if (document) this.cursors_changed(document);
    this.changed();
  }

  private document_of({ document }: Participant): PlacedDocument | undefined {
    return document === undefined ? undefined : this.open_document_(document);
  }

  /** Brings its positions to the text as the editor shows it, if the text is there and new enough. */
  private put(known: Known): boolean {
    const { said } = known;
    const document = this.document_of(said);
    if (!document || said.version > document.version()) return false;
    const shown = (position: number) => document.shown_position(position) ?? 0;
    known.said = {
      ...said,
      selections: said.selections.map(({ anchor, head }) => ({ anchor: shown(anchor), head: shown(head) })),
      ...(said.top === undefined ? {} : { top: shown(said.top) }),
    };
    known.placed = true;
    return true;
  }

  private cursors_changed(document: PlacedDocument): void {
    for (const listener of [...this.cursor_listeners_]) listener(document);
  }
  private tell_followed(who: Participant): void {
    for (const listener of [...this.follow_listeners_]) listener(who);
  }

  private tell(): void {
    if (this.connection_.phase !== 'connected') return;
    const { document, selections, top } = this.text_place();
    const terminal = this.terminal_;
    const base = (position: number) => document?.base_position(position) ?? 0;
    const params: PresenceSetParams = {
      version: document?.version() ?? 0,
      selections: document
        ? selections.slice(0, most_selections).map(({ anchor, head }) => ({ anchor: base(anchor), head: base(head) }))
        : [],
      ...(document ? { document: document.id } : {}),
      ...(document && top !== undefined ? { top: base(top) } : {}),
      ...(terminal === undefined ? {} : { terminal }),
      ...(this.following === undefined ? {} : { following: this.following }),
    };
    const said = JSON.stringify({ ...params, version: 0 });
    if (said === this.said_) return;
    this.said_ = said;
    this.pause_ = setTimeout(() => {
      this.pause_ = undefined;
      if (!this.moved_) return;
      this.moved_ = false;
      this.tell();
    }, sending_pause);
    this.connection_.request('presence/set', params).catch(() => {
      // Without a connection nobody sees it; with the next one it is told again.
    });
  }
}
