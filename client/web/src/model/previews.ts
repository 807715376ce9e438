// SPDX-License-Identifier: GPL-3.0-or-later
// The previews of a workspace that this window has open, side by side as tabs; which one is looked at.
import type { RestClient } from '../connection/rest_client';
import { Observable } from './observable';
import type { Ports } from './ports';
import { Preview, type PreviewPlace } from './preview';
import { recall, remember, tab_storage } from './tab_storage';

export const most_previews = 8;

export class Previews extends Observable {
  all: readonly Preview[];
  active: Preview;
  /** Grows each time the pane should be seen. */
  wishes = 0;
  /** What the active one's page says is shown below it. */
  console_open = false;
  private restored_ = false;

  constructor(
    private readonly workspace_: string,
    private readonly rest_: RestClient,
    private readonly ports_: Ports,
    private readonly storage_ = tab_storage(),
  ) {
    super();
    this.active = this.make();
    this.all = [this.active];
  }

  /** Another one beside those that are there; the active one where there are too many. */
  add(): Preview {
    this.restore();
    if (this.all.length < most_previews) {
      const added = this.make();
      this.all = [...this.all, added];
      this.show(added);
    }
    return this.active;
  }

  show(preview: Preview): void {
    this.active = preview;
    this.keep();
  }

  /** The last one becomes empty. */
  close(preview: Preview): void {
    const at = this.all.indexOf(preview);
    if (at < 0) return;
    preview.dispose();
    const rest = this.all.filter((other) => other !== preview);
    this.all = rest.length > 0 ? rest : [this.make()];
    if (this.active === preview) this.active = this.all[Math.min(at, this.all.length - 1)] as Preview;
    this.keep();
  }

  /** What the port serves: where it shows already, in an empty one, or in one of its own. */
  go(port: number, to = '/'): void {
    this.restore();
    const there = this.all.find((preview) => preview.port === port) ?? this.all.find(({ state }) => state === 'empty');
    if (there) this.show(there);
    else this.add();
    ++this.wishes;
    void this.active.go(port, to);
    this.changed();
  }

  set_console(open: boolean): void {
    this.console_open = open;
    this.changed();
  }

  /** After a reload of the page: what was shown before it; also where one is wanted before the pane was seen. */
  restore(): void {
    if (this.restored_) return;
    this.restored_ = true;
    if (this.all.some(({ state }) => state !== 'empty')) return;
    const { places, active } = (recall(this.storage_, this.key()) ?? {}) as Record<string, unknown>;
    const kept = Array.isArray(places) ? (places as unknown[]).slice(0, most_previews) : [];
    const restored = kept.flatMap((place) => {
      const preview = this.make();
      if (preview.restore(place)) return [preview];
      preview.dispose();
      return [];
    });
    const [first] = restored;
    if (!first) return;
    this.active.dispose();
    this.all = restored;
    this.active = restored[Number(active)] ?? first;
    this.changed();
  }

  private make(): Preview {
    return new Preview(this.workspace_, this.rest_, this.ports_, () => this.keep());
  }

  private keep(): void {
    const shown = this.all.filter(({ port }) => port !== undefined);
    const places = shown.map((preview): PreviewPlace => preview.place());
    remember(this.storage_, this.key(), { places, active: shown.indexOf(this.active) });
    this.changed();
  }

  private key(): string {
    return `berth.previews.${this.workspace_}`;
  }
}
