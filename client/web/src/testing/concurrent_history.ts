// SPDX-License-Identifier: GPL-3.0-or-later
// People who type into one document side by side, over connections that delay and drop, and the runner between them: the
// twin of tests/unit/protocol/concurrent_history.hpp, which says what the events are. It is made by luck, or replayed from
// the twin's record; both must come to the same operations and texts.
import { overlapping, TextOperation, transform, type Run } from '../protocol/text_operation';
import { random_operation, random_text } from './random_text';

export type Luck = (below: number) => number;
type Action = 'send' | 'arrive' | 'hear' | 'drop';

export interface Outcome {
  accepted: Run[][];
  text: string;
  whole: Run[];
  back: Run[];
  overlaps: number;
  places: [number, number][];
}
export interface HistoryRecord extends Outcome {
  start: string;
  people: number;
  events: [number, Action | Run[]][];
}

interface Sent {
  id: string;
  base_version: number;
  operation: TextOperation;
}
interface Heard {
  id: string; // of the operation that is answered; '' for another person's
  version: number;
  operation: TextOperation | undefined; // of a repeated answer: none
}
interface Person {
  text: string;
  version: number;
  in_flight: Sent | undefined; // as it was sent
  in_flight_now: TextOperation | undefined; // as it stands in this person's text
  waiting: TextOperation | undefined;
  up: Sent[];
  down: Heard[];
  sent: number;
}

/** What does not fit together is thrown: the message says what. */
export class ConcurrentHistory {
  private readonly people_: Person[];
  private readonly accepted_: { person: number; id: string; operation: TextOperation }[] = [];
  private readonly events_: HistoryRecord['events'] = [];
  private text_: string;
  private overlaps_ = 0;

  private constructor(
    private readonly start_: string,
    people: number,
  ) {
    this.text_ = start_;
    const nothing = { in_flight: undefined, in_flight_now: undefined, waiting: undefined, sent: 0 };
    this.people_ = Array.from({ length: people }, () => ({ text: start_, version: 0, ...nothing, up: [], down: [] }));
  }

  /** Lets luck reign, then lets everything arrive. */
  static make(luck: Luck): HistoryRecord {
    const history = new ConcurrentHistory(random_text(luck, 8), 2 + luck(3));
    for (let steps = 8 + luck(24); steps > 0; --steps) {
      const person = luck(history.people_.length);
      const chance = luck(40);
      if (chance < 14) history.type(person, random_operation(luck, history.person(person).text));
      else history.happen(person, chance < 22 ? 'send' : chance < 31 ? 'arrive' : chance < 39 ? 'hear' : 'drop');
    }
    history.settle();
    const { start_: start, events_: events, people_ } = history;
    return { start, people: people_.length, events, ...history.outcome() };
  }

  /** Does the record's events; throws where the outcome differs from the record's, or from one person to another. */
  static replay(record: HistoryRecord): void {
    const history = new ConcurrentHistory(record.start, record.people);
    for (const [person, event] of record.events) {
      if (typeof event !== 'string') history.type(person, there(TextOperation.from_wire(event), 'an event'));
      else if (!history.happen(person, event)) throw new Error(`nothing was there for ${person} ${event}`);
    }
    for (const [name, value] of Object.entries(history.outcome())) {
      const here = JSON.stringify(value);
      const other = JSON.stringify(record[name as keyof Outcome]);
      if (here !== other) throw new Error(`${name} differs: ${here} here, ${other} there`);
    }
  }

  private person(index: number): Person {
    return there(this.people_[index], 'a person');
  }

  private type(who: number, operation: TextOperation): void {
    const person = this.person(who);
    person.text = there(operation.apply(person.text), 'typing');
    person.waiting = person.waiting ? there(person.waiting.compose(operation), 'compose') : operation;
    this.events_.push([who, operation.to_wire()]);
  }

  /** False when there is nothing to do. */
  private happen(who: number, action: Action): boolean {
    const done = this[action](this.person(who), who);
    if (done) this.events_.push([who, action]);
    return done;
  }

  private send(person: Person, who: number): boolean {
    if (person.in_flight || !person.waiting) return false;
    person.in_flight = { id: `${who}-${++person.sent}`, base_version: person.version, operation: person.waiting };
    person.in_flight_now = person.waiting;
    person.waiting = undefined;
    person.up.push(person.in_flight);
    return true;
  }

  private arrive(person: Person, who: number): boolean {
    const sent = person.up.shift();
    if (!sent) return false;
    const known = this.accepted_.findIndex(({ id }) => id === sent.id);
    if (known >= 0) {
      person.down.push({ id: sent.id, version: known + 1, operation: undefined });
      return true;
    }
    let operation = sent.operation;
    for (const theirs of this.accepted_.slice(sent.base_version))
      operation = there(transform(operation, theirs.operation), 'merge').mine;
    if (!operation.fits(this.text_)) throw new Error('what was merged does not fit');
    this.text_ = there(operation.apply(this.text_), 'what was merged');
    const version = this.accepted_.push({ person: who, id: sent.id, operation });
    for (const other of this.people_) other.down.push({ id: other === person ? sent.id : '', version, operation });
    return true;
  }

  private hear(person: Person): boolean {
    const heard = person.down.shift();
    if (!heard) return false;
    if (heard.version <= person.version) return true; // told once more after a drop
    if (heard.version !== person.version + 1) throw new Error('a version was left out');
    person.version = heard.version;
    const operation = there(heard.operation, 'an operation');
    if (heard.id === '') {
      this.hear_other(person, operation);
      return true;
    }
    if (person.in_flight?.id !== heard.id) throw new Error('an answer to nothing');
    if (!person.in_flight_now?.equals(operation))
      throw new Error('the runner applied something else than the person sees');
    person.in_flight = person.in_flight_now = undefined;
    return true;
  }

  private hear_other(person: Person, operation: TextOperation): void {
    let theirs = operation;
    for (const key of ['in_flight_now', 'waiting'] as const) {
      const mine = person[key];
      if (!mine) continue;
      if (overlapping(mine, theirs)) ++this.overlaps_;
      const moved = there(transform(mine, theirs), 'transform');
      person[key] = moved.mine;
      theirs = moved.theirs;
    }
    if (!theirs.fits(person.text)) throw new Error('what was heard does not fit');
    person.text = there(theirs.apply(person.text), 'what was heard');
  }

  // Everything under way is lost. Back again, the person is told what was missed and sends again what was not answered,
  // as it was first sent.
  private drop(person: Person, who: number): boolean {
    person.up = person.in_flight ? [person.in_flight] : [];
    person.down = this.accepted_.map(({ person: by, id, operation }, index) => {
      return { id: by === who ? id : '', version: index + 1, operation };
    });
    person.down.splice(0, person.version);
    return true;
  }

  private settle(): void {
    for (let moves = true; moves;) {
      moves = false;
      for (let who = 0; who < this.people_.length; ++who) {
        if (this.happen(who, 'send')) moves = true;
        if (this.happen(who, 'arrive')) moves = true;
        while (this.happen(who, 'hear')) moves = true;
      }
    }
  }

  /** All that both languages must agree on; throws when the people don't agree among themselves. */
  private outcome(): Outcome {
    let sent = 0;
    for (const person of this.people_) {
      if (person.text !== this.text_) throw new Error(`two texts: ${person.text} and ${this.text_}`);
      sent += person.sent;
    }
    if (sent !== this.accepted_.length) throw new Error('an operation was lost or applied twice');
    let whole = TextOperation.identity(this.start_.length);
    for (const { operation } of this.accepted_) whole = there(whole.compose(operation), 'the whole history');
    const back = there(whole.invert(this.start_), 'the way back');
    if (whole.apply(this.start_) !== this.text_) throw new Error('the whole history leads elsewhere');
    if (back.apply(this.text_) !== this.start_) throw new Error('the way back leads elsewhere');
    return {
      accepted: this.accepted_.map(({ operation }) => operation.to_wire()),
      text: this.text_,
      whole: whole.to_wire(),
      back: back.to_wire(),
      overlaps: this.overlaps_,
      places: Array.from({ length: whole.base_length() + 1 }, (_, position) => [
        there(whole.map_position(position, 'before'), 'a position'),
        there(whole.map_position(position, 'after'), 'a position'),
      ]),
    };
  }
}

function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what}: refused`);
  return value;
}
