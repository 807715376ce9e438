// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser remembers of the person's taste: the theme, and which panels are open.
import { Observable } from './observable';

export type ThemeChoice = 'light' | 'dark' | 'system';

const theme_key = 'berth.theme'; // read by public/theme.js before the first paint
const panels_key = 'berth.panels';

export interface PanelVisibility {
  tree: boolean;
  terminal: boolean;
  preview: boolean;
}

export class Preferences extends Observable {
  theme: ThemeChoice;
  panels: PanelVisibility;
  private readonly system_ = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

  constructor() {
    super();
    const stored = read(theme_key);
    this.theme = stored === 'light' || stored === 'dark' ? stored : 'system';
    this.panels = { tree: true, terminal: true, preview: false, ...parse(read(panels_key)) };
    this.system_?.addEventListener('change', () => this.apply());
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key !== theme_key) return;
      this.theme = event.newValue === 'light' || event.newValue === 'dark' ? event.newValue : 'system';
      this.apply();
    });
  }

  /** The theme as it is now. */
  is_dark(): boolean {
    return this.theme === 'dark' || (this.theme === 'system' && this.system_?.matches === true);
  }

  set_theme(theme: ThemeChoice): void {
    this.theme = theme;
    write(theme_key, theme);
    this.apply();
  }

  set_panel(panel: keyof PanelVisibility, open: boolean): void {
    this.panels = { ...this.panels, [panel]: open };
    write(panels_key, JSON.stringify(this.panels));
    this.changed();
  }

  private apply(): void {
    if (globalThis.document) document.documentElement.dataset['theme'] = this.is_dark() ? 'dark' : 'light';
    this.changed();
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is off
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is off or full: remembered for this page alone.
  }
}

function parse(text: string | null): Partial<PanelVisibility> {
  try {
    const stored = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(stored).filter(
        ([key, value]) => ['tree', 'terminal', 'preview'].includes(key) && typeof value === 'boolean',
      ),
    );
  } catch {
    return {};
  }
}
