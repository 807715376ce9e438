// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's screen: xterm.js in a host element that survives layout and tab changes. It has the terminal's size, which may
// be another window's, and says how much room there is; it reports what it has parsed, which is what credits are granted by.
import '@xterm/xterm/css/xterm.css';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal as Xterm } from '@xterm/xterm';
import type { EchoChoice } from '../../../model/preferences';
import type { Terminal, TerminalScreen } from '../../../model/terminal';
import { TerminalEcho, type FeltDelay } from '../../../model/terminal_echo';
import { clean_paste, clipboard_text, pasted_lines } from '../../../model/terminal_sequences';
import { is_page_key } from '../ide_keys';
import { EchoOverlay, XtermCells } from './echo_overlay';
import { ShellMarks, type OnFinished } from './shell_marks';
import { terminal_theme } from './terminal_theme';
import { answer_while } from './xterm_answers';
import type { Finder } from './terminal_find';
import { add_finder } from './xterm_find';
import { add_links } from './xterm_links';
import { Ligatures } from './xterm_ligatures';
import { add_places, type PlaceHooks } from './xterm_places';

const encoder = new TextEncoder();
// What xterm.js's reset() leaves: a sequence or character that was cut off, the hidden cursor, colours that programs chose.
const before_reset = encoder.encode('\x18\x1b[!p\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07');
const least_measured = 1024; // bytes
const smallest_font = 8; // px, for a terminal that is larger than the room for it
const gutter = 14; // px left of the screen, for the dots beside prompts
const scroll_bar = 14; // px right of it

export interface XtermHooks {
  /** A link was clicked. */
  open_link: (address: string) => void;
  find_place: PlaceHooks['find'];
  open_place: PlaceHooks['open'];
  /** A paste was too large to keep. */
  refuse_paste: () => void;
  /** Many lines into a program that takes each as typed. */
  ask_paste: (text: string, lines: number, paste: () => void) => void;
  /** A program put text into the clipboard. */
  copy: (text: string) => void;
  /** The person copies what they selected. */
  copy_selection: (text: string) => void;
  bell: () => void;
  /** A command of the shell ended. */
  finished: OnFinished;
}

export interface XtermOptions {
  dark: boolean;
  high_contrast: boolean;
  echo: EchoChoice;
  scrollback: number;
  font_size: number; // px
  cursor_style: 'block' | 'bar' | 'underline';
  cursor_blink: boolean;
  font_ligatures: boolean;
}

function least_contrast({ high_contrast }: XtermOptions): number {
  return high_contrast ? 7 : 4.5;
}

export class XtermScreen implements TerminalScreen {
  readonly host = document.createElement('div');
  private readonly frame_ = document.createElement('div');
  private readonly xterm_: Xterm;
  private readonly echo_: TerminalEcho;
  private readonly marks_: ShellMarks;
  private readonly ligatures_: Ligatures;
  private readonly observer_: ResizeObserver;
  readonly finder: Finder;
  private font_: number;
  private opened_ = false;
  private planned_ = 0;
  private cell_ = { width: 0, height: 0 }; // px, in the person's font

  constructor(
    private readonly terminal_: Terminal,
    options: XtermOptions,
    delay: FeltDelay,
    private readonly hooks_: XtermHooks,
  ) {
    this.host.className = 'terminal-host';
    this.font_ = options.font_size;
    this.frame_.className = 'terminal-frame';
    this.host.append(this.frame_);
    this.xterm_ = new Xterm({
      allowProposedApi: true, // decorations and widths of characters
      cols: terminal_.info.columns,
      rows: terminal_.info.rows,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: options.font_size,
      lineHeight: 1.15,
      scrollback: options.scrollback,
      cursorBlink: options.cursor_blink,
      cursorStyle: options.cursor_style,
      disableStdin: !terminal_.may_type(),
      cursorInactiveStyle: terminal_.may_type() ? 'outline' : 'none',
      macOptionIsMeta: true,
      theme: terminal_theme(options.dark, options.high_contrast),
      minimumContrastRatio: least_contrast(options),
    });
    // Widths as the C library in the workspace has them: emoji take two columns there as well.
    this.xterm_.loadAddon(new Unicode11Addon());
    this.xterm_.unicode.activeVersion = '11';
    const cells = new XtermCells(this.xterm_);
    const overlay = new EchoOverlay(this.xterm_, cells);
    this.echo_ = new TerminalEcho(terminal_, cells, delay, (line) => overlay.draw(line));
    this.echo_.choose(options.echo);
    this.ligatures_ = new Ligatures(this.xterm_, options.font_ligatures);
    this.finder = add_finder(this.xterm_);
    this.marks_ = new ShellMarks(this.xterm_, hooks_.finished);
    this.listen();
    this.observer_ = new ResizeObserver(() => this.plan_fit());
    this.observer_.observe(this.host);
    terminal_.scrollback = options.scrollback;
    terminal_.show_on(this);
  }

  write(bytes: Uint8Array, parsed: (worked?: number) => void): void {
    let began: number | undefined;
    // Behind what is parsed before; not before a key's echo, which xterm.js parses at once if it comes first.
    if (bytes.length >= least_measured) this.xterm_.write('', () => (began = performance.now()));
    this.xterm_.write(bytes, () => {
      parsed(began === undefined ? undefined : performance.now() - began);
      this.echo_.drawn();
    });
  }
  reset(): void {
    this.xterm_.write(before_reset, () => {
      this.marks_.clear();
      this.xterm_.reset();
    });
  }
  painted(): void {
    this.xterm_.write('', () => this.marks_.painted());
  }
  resize(columns: number, rows: number): void {
    this.xterm_.write('', () => {
      this.xterm_.resize(columns, rows);
      this.lay_out();
    });
  }

  /** Puts the screen into the page. */
  mount(place: HTMLElement): void {
    place.append(this.host);
    if (!this.opened_) {
      this.opened_ = true;
      this.xterm_.open(this.frame_);
      // A key that moves the focus is let go elsewhere; xterm.js takes it for held down, and drops what an input method inserts next.
      const keys = this.xterm_.textarea;
      keys?.addEventListener('blur', () =>
        keys.dispatchEvent(new KeyboardEvent('keyup', { key: 'Shift', keyCode: 16 })),
      );
      this.follow_role();
      void this.use_webgl();
    }
    this.plan_fit();
  }
  unmount(): void {
    this.host.remove();
  }
  /** The page shows it now. */
  is_shown(): boolean {
    return this.host.isConnected && document.visibilityState === 'visible';
  }
  focus(): void {
    if (this.terminal_.may_type()) this.xterm_.focus();
    this.plan_fit();
  }
  set_options(options: XtermOptions): void {
    const { echo, scrollback, font_size, cursor_style, cursor_blink } = options;
    this.xterm_.options.theme = terminal_theme(options.dark, options.high_contrast);
    this.xterm_.options.minimumContrastRatio = least_contrast(options);
    this.ligatures_.show(options.font_ligatures);
    this.xterm_.options.cursorStyle = cursor_style;
    this.xterm_.options.cursorBlink = cursor_blink;
    if (this.font_ !== font_size) {
      this.font_ = font_size;
      this.xterm_.options.fontSize = font_size;
      this.plan_fit();
    }
    if (this.xterm_.options.scrollback !== scrollback) this.xterm_.options.scrollback = scrollback;
    this.terminal_.scrollback = scrollback;
    this.echo_.choose(echo);
  }
  dispose(): void {
    cancelAnimationFrame(this.planned_);
    this.echo_.dispose();
    this.observer_.disconnect();
    this.xterm_.dispose();
    this.host.remove();
  }

  selection(): string {
    return this.xterm_.getSelection();
  }
  select_all(): void {
    this.xterm_.selectAll();
  }

  /** The person's role may change while it shows. */
  follow_role(): void {
    const may_type = this.terminal_.may_type();
    this.xterm_.options.disableStdin = !may_type;
    this.xterm_.options.cursorInactiveStyle = may_type ? 'outline' : 'none';
    if (this.xterm_.textarea) this.xterm_.textarea.disabled = !may_type;
  }

  private listen(): void {
    const { xterm_: xterm, hooks_: hooks, terminal_: terminal } = this;
    add_links(xterm, this.host, hooks.open_link);
    add_places(xterm, { find: hooks.find_place, open: hooks.open_place });
    answer_while(xterm, () => terminal.answers());
    xterm.parser.registerOscHandler(7, () => true); // the runner tells the directory
    xterm.parser.registerOscHandler(52, (data) => {
      const text = clipboard_text(data);
      // Each window that shows the terminal gets this: only the one that is used takes it.
      if (text !== undefined && document.hasFocus() && this.host.contains(document.activeElement)) hooks.copy(text);
      return true;
    });
    xterm.onBell(hooks.bell);
    xterm.onData((text) => this.type(text, encoder.encode(text)));
    xterm.onBinary((text) =>
      this.type(
        text,
        Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff),
      ),
    );
    xterm.attachCustomKeyEventHandler((event) => this.on_key(event));
    // Text from the clipboard may hold the bytes that end a bracketed paste: it is cleaned before xterm.js sees it.
    this.host.addEventListener('paste', (event) => this.on_paste(event), true);
  }

  private type(text: string, bytes: Uint8Array): void {
    this.marks_.typed();
    if (!this.echo_.type(text, bytes)) this.hooks_.refuse_paste();
  }

  private on_key(event: KeyboardEvent): boolean {
    if (is_page_key(event)) return false;
    if (event.type !== 'keydown' || !event.ctrlKey || event.altKey || event.metaKey) return true;
    const arrow = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (arrow !== 0 && !event.shiftKey && this.marks_.jump(arrow)) {
      event.preventDefault();
      return false;
    }
    if (event.shiftKey && event.code === 'KeyC' && this.xterm_.hasSelection()) {
      event.preventDefault();
      this.hooks_.copy_selection(this.xterm_.getSelection());
      return false;
    }
    // The browser's own paste follows.
    if (event.shiftKey && event.code === 'KeyV') return false;
    return true;
  }

  private on_paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  /** As if the person had pasted it: what many lines would do is asked first. */
  paste(pasted: string): void {
    if (!this.terminal_.may_type()) return;
    const text = clean_paste(pasted);
    const paste = () => {
      this.xterm_.paste(text);
      this.focus();
    };
    const lines = pasted_lines(text);
    if (lines > 1 && !this.xterm_.modes.bracketedPasteMode) this.hooks_.ask_paste(text, lines, paste);
    else paste();
  }

  private async use_webgl(): Promise<void> {
    try {
      const { WebglAddon } = await import('@xterm/addon-webgl');
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose()); // xterm.js then draws with the DOM
      this.xterm_.loadAddon(webgl);
    } catch {
      // No WebGL 2: the DOM renderer stays.
    }
  }

  private plan_fit(): void {
    cancelAnimationFrame(this.planned_);
    this.planned_ = requestAnimationFrame(() => {
      if (!this.host.isConnected || this.host.clientWidth < 40 || this.host.clientHeight < 20) return;
      this.measure();
      if (this.cell_.width === 0) return;
      const columns = Math.floor((this.host.clientWidth - gutter - scroll_bar) / this.cell_.width);
      const rows = Math.floor(this.host.clientHeight / this.cell_.height);
      if (this.terminal_.info.running) this.terminal_.set_room(Math.max(2, columns), Math.max(1, rows));
      this.lay_out();
    });
  }

  private measure(): void {
    const screen = this.xterm_.element?.querySelector<HTMLElement>('.xterm-screen');
    if (!screen || this.xterm_.options.fontSize !== this.font_ || screen.clientWidth === 0) return;
    this.cell_ = { width: screen.clientWidth / this.xterm_.cols, height: screen.clientHeight / this.xterm_.rows };
  }

  /** A terminal of another size than the room: a frame around a smaller one, smaller letters for a larger one. */
  private lay_out(): void {
    const room = this.terminal_.room();
    if (!room || !this.opened_) return;
    const { cols, rows } = this.xterm_;
    const shrink = Math.min(1, room.columns / cols, room.rows / rows);
    const font = Math.max(Math.min(smallest_font, this.font_), Math.floor(this.font_ * shrink));
    if (this.xterm_.options.fontSize !== font) this.xterm_.options.fontSize = font;
    const framed = cols < room.columns || rows < room.rows;
    this.host.classList.toggle('framed', framed);
    const scale = font / this.font_;
    this.frame_.style.width = framed ? `${Math.ceil(cols * this.cell_.width * scale) + gutter + scroll_bar}px` : '';
    this.frame_.style.height = framed ? `${Math.ceil(rows * this.cell_.height * scale)}px` : '';
  }
}
