// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser remembers of the person's taste: the theme, which panels are open, how terminals behave.
import { Observable } from './observable';

export type ThemeChoice = 'light' | 'dark' | 'system';

const theme_key = 'berth.theme'; // read by public/theme.js before the first paint
const panels_key = 'berth.panels';
const terminal_key = 'berth.terminal';

/** Keys shown before the workspace has echoed them: never, always, or where the way there is long. */
export type EchoChoice = 'auto' | 'on' | 'off';

export interface TerminalTaste {
  echo: EchoChoice;
  scrollback: number; // lines
}
const usual_taste: TerminalTaste = { echo: 'auto', scrollback: 10_000 };
export const scrollback_choices = [1_000, 10_000, 50_000, 100_000] as const;

export interface PanelVisibility {
  tree: boolean;
  terminal: boolean;
  preview: boolean;
}

export class Preferences extends Observable {
  theme: ThemeChoice;
  panels: PanelVisibility;
  terminal: TerminalTaste;
  private readonly system_ = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

  constructor() {
    super();
    const stored = read(theme_key);
    this.theme = stored === 'light' || stored === 'dark' ? stored : 'system';
    this.panels = { tree: true, terminal: true, preview: false, ...parse(read(panels_key)) };
    this.terminal = taste(read(terminal_key));
    this.system_?.addEventListener('change', () => this.apply());
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === terminal_key) {
        this.terminal = taste(event.newValue);
        this.changed();
      }
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

  set_terminal(terminal: Partial<TerminalTaste>): void {
    this.terminal = { ...this.terminal, ...terminal };
    write(terminal_key, JSON.stringify(this.terminal));
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

function taste(text: string | null): TerminalTaste {
  try {
    const { echo, scrollback } = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return {
      echo: echo === 'on' || echo === 'off' ? echo : usual_taste.echo,
      scrollback: scrollback_choices.find((lines) => lines === scrollback) ?? usual_taste.scrollback,
    };
  } catch {
    return usual_taste;
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
