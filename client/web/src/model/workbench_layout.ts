// SPDX-License-Identifier: GPL-3.0-or-later
// Which panels of a workspace show, and how large they are: remembered by this browser for each workspace by itself.
import { Observable } from './observable';

export type SideView = 'files' | 'search' | 'people';
const side_views: readonly SideView[] = ['files', 'search', 'people'];
/** What stands over the editor; not remembered. */
export type SettingsPart = 'settings' | 'keys' | 'json';

const key = 'berth.layouts';
const most_kept = 40; // workspaces; the ones that were not used for the longest time go

interface Stored {
  side?: unknown;
  side_open?: unknown;
  terminal?: unknown;
  preview?: unknown;
  sizes?: unknown;
}

export class WorkbenchLayout extends Observable {
  /** What the side panel shows when it is open. */
  side: SideView = 'files';
  side_open = true;
  /** Grows each time the person asked for the side panel: it should be seen. */
  side_wishes = 0;
  terminal = true;
  preview = false;
  /** Nothing but the editor; not remembered. */
  zen = false;
  settings: SettingsPart | undefined;
  /** The lower panel shows the ports, not a terminal. */
  ports = false;
  private sizes_: Record<string, string> = {}; // by react-resizable-panels' names

  constructor(
    private readonly workspace_: string,
    private readonly storage_: Storage | undefined = browser_storage(),
  ) {
    super();
    const { side, side_open, terminal, preview, sizes } = this.all().find(([id]) => id === workspace_)?.[1] ?? {};
    this.side = side_views.find((view) => view === side) ?? 'files';
    this.side_open = typeof side_open === 'boolean' ? side_open : true;
    this.terminal = typeof terminal === 'boolean' ? terminal : true;
    this.preview = typeof preview === 'boolean' ? preview : false;
    if (typeof sizes === 'object' && sizes !== null)
      for (const [name, value] of Object.entries(sizes)) if (typeof value === 'string') this.sizes_[name] = value;
  }

  show(panel: 'terminal' | 'preview' | 'side', open: boolean): void {
    if (panel === 'side') this.side_open = open;
    else this[panel] = open;
    if (open) this.zen = false;
    this.keep();
  }
  show_side(view: SideView): void {
    this.side = view;
    ++this.side_wishes;
    this.show('side', true);
  }
  /** As a click on its icon does: the one that shows is closed. */
  toggle_side(view: SideView): void {
    if (this.side_open && this.side === view && !this.zen) this.show('side', false);
    else this.show_side(view);
  }
  show_settings(part: SettingsPart | undefined): void {
    this.settings = part;
    this.changed();
  }
  show_ports(ports: boolean): void {
    if (ports && !this.terminal) this.show('terminal', true);
    this.ports = ports;
    this.changed();
  }
  set_zen(zen: boolean): void {
    this.zen = zen;
    this.changed();
  }

  /** Where react-resizable-panels keeps its sizes. */
  readonly sizes = {
    getItem: (name: string): string | null => this.sizes_[name] ?? null,
    setItem: (name: string, value: string): void => {
      if (this.sizes_[name] === value) return;
      this.sizes_ = { ...this.sizes_, [name]: value };
      this.write();
    },
  };

  private keep(): void {
    this.write();
    this.changed();
  }

  private write(): void {
    const { side, side_open, terminal, preview, sizes_: sizes } = this;
    const others = this.all().filter(([id]) => id !== this.workspace_);
    const all = [[this.workspace_, { side, side_open, terminal, preview, sizes }], ...others].slice(0, most_kept);
    try {
      this.storage_?.setItem(key, JSON.stringify(all));
    } catch {
      // Full or off: remembered for this page alone.
    }
  }

  /** Most recently changed first. */
  private all(): [string, Stored][] {
    try {
      const stored: unknown = JSON.parse(this.storage_?.getItem(key) ?? '[]');
      if (!Array.isArray(stored)) return [];
      return stored.filter(
        (entry): entry is [string, Stored] =>
          Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'object' && entry[1] !== null,
      );
    } catch {
      return [];
    }
  }
}

function browser_storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
