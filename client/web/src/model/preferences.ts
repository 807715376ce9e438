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

/** The fields that are the same for a person everywhere (roaming_preferences.ts); panels are this browser's. */
export class Preferences extends Observable {
  /** The person chose something here: the field's name. */
  on_choice: ((name: string) => void) | undefined;
  theme: ThemeChoice;
  panels: PanelVisibility;
  terminal: TerminalTaste;
  private readonly system_ = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

  constructor() {
    super();
    this.theme = theme_choice(read(theme_key));
    this.panels = { tree: true, terminal: true, preview: false, ...parse(read(panels_key)) };
    this.terminal = taste(read(terminal_key));
    this.system_?.addEventListener('change', () => this.apply());
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === terminal_key) {
        this.terminal = taste(event.newValue);
        this.changed();
      }
      if (event.key !== theme_key) return;
      this.theme = theme_choice(event.newValue);
      this.apply();
    });
  }

  /** The theme as it is now. */
  is_dark(): boolean {
    return this.theme === 'dark' || (this.theme === 'system' && this.system_?.matches === true);
  }

  set_theme(theme: ThemeChoice): void {
    this.put_theme(theme);
    this.on_choice?.('theme');
  }

  set_panel(panel: keyof PanelVisibility, open: boolean): void {
    this.panels = { ...this.panels, [panel]: open };
    write(panels_key, JSON.stringify(this.panels));
    this.changed();
  }

  set_terminal(terminal: Partial<TerminalTaste>): void {
    this.put_terminal({ ...this.terminal, ...terminal });
    for (const key of Object.keys(terminal)) this.on_choice?.(`terminal.${key}`);
  }

  /** Of a field that roams; undefined where this client has none of this name. */
  value_of(name: string): string | number | undefined {
    if (name === 'theme') return this.theme;
    if (name === 'terminal.echo') return this.terminal.echo;
    if (name === 'terminal.scrollback') return this.terminal.scrollback;
    return undefined;
  }

  /** What was chosen elsewhere, perhaps by another release: what can't be is left out. */
  take(name: string, value: unknown): void {
    if (name === 'theme') {
      const theme = theme_choice(value);
      if (theme === value && theme !== this.theme) this.put_theme(theme);
      return;
    }
    const key = /^terminal\.(echo|scrollback)$/.exec(name)?.[1];
    if (key === undefined) return;
    const terminal = taste(JSON.stringify({ ...this.terminal, [key]: value }));
    if (terminal[key as keyof TerminalTaste] === value && this.value_of(name) !== value) this.put_terminal(terminal);
  }

  private put_theme(theme: ThemeChoice): void {
    this.theme = theme;
    write(theme_key, theme);
    this.apply();
  }

  private put_terminal(terminal: TerminalTaste): void {
    this.terminal = terminal;
    write(terminal_key, JSON.stringify(terminal));
    this.changed();
  }

  private apply(): void {
    if (globalThis.document) document.documentElement.dataset['theme'] = this.is_dark() ? 'dark' : 'light';
    this.changed();
  }
}

function theme_choice(value: unknown): ThemeChoice {
  return value === 'light' || value === 'dark' ? value : 'system';
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
