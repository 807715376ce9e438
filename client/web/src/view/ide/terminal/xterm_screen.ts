// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's screen: xterm.js in a host element that survives layout and tab changes. It reports what it has parsed,
// which is what credits are granted by.
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal as Xterm, type ITheme } from '@xterm/xterm';
import type { Terminal, TerminalScreen } from '../../../model/terminal';
import { is_page_key } from '../ide_keys';
import { terminal_theme } from './terminal_theme';

const encoder = new TextEncoder();

export interface XtermHooks {
  /** A link was clicked. */
  open_link: (address: string) => void;
  /** A paste was too large to keep. */
  refuse_paste: () => void;
}

export class XtermScreen implements TerminalScreen {
  readonly host = document.createElement('div');
  private readonly xterm_: Xterm;
  private readonly fit_ = new FitAddon();
  private opened_ = false;
  private readonly observer_: ResizeObserver;
  private frame_ = 0;

  constructor(
    private readonly terminal_: Terminal,
    dark: boolean,
    read_only: boolean,
    private readonly hooks_: XtermHooks,
  ) {
    this.host.className = 'terminal-host';
    this.xterm_ = new Xterm({
      cols: terminal_.info.columns,
      rows: terminal_.info.rows,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: 13,
      lineHeight: 1.15,
      scrollback: 10_000,
      cursorBlink: true,
      disableStdin: read_only,
      macOptionIsMeta: true,
      theme: terminal_theme(dark),
      minimumContrastRatio: 4.5,
    });
    this.xterm_.loadAddon(this.fit_);
    this.xterm_.loadAddon(new WebLinksAddon((_event, address) => hooks_.open_link(address)));
    this.xterm_.onData((text) => this.type(encoder.encode(text)));
    this.xterm_.onBinary((bytes) => this.type(Uint8Array.from(bytes, (character) => character.charCodeAt(0) & 0xff)));
    this.xterm_.attachCustomKeyEventHandler((event) => this.on_key(event));
    // Text from the clipboard may hold the bytes that end a bracketed paste: without ESC they are harmless.
    this.host.addEventListener('paste', (event) => this.on_paste(event), true);
    this.observer_ = new ResizeObserver(() => this.plan_fit());
    this.observer_.observe(this.host);
    terminal_.subscribe(() => this.take_size());
    terminal_.show_on(this);
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    this.xterm_.write(bytes, parsed);
  }
  reset(): void {
    this.xterm_.reset();
  }

  /** Puts the screen into the page. */
  mount(place: HTMLElement): void {
    place.append(this.host);
    if (!this.opened_) {
      this.opened_ = true;
      this.xterm_.open(this.host);
      this.use_webgl();
    }
    this.plan_fit();
  }
  unmount(): void {
    this.host.remove();
  }
  focus(): void {
    this.xterm_.focus();
    this.plan_fit();
  }
  set_theme(theme: ITheme): void {
    this.xterm_.options.theme = theme;
  }
  dispose(): void {
    cancelAnimationFrame(this.frame_);
    this.observer_.disconnect();
    this.xterm_.dispose();
    this.host.remove();
  }

  private type(bytes: Uint8Array): void {
    if (!this.terminal_.type(bytes)) this.hooks_.refuse_paste();
  }

  private on_key(event: KeyboardEvent): boolean {
    if (is_page_key(event)) return false;
    if (
      event.type === 'keydown' &&
      event.ctrlKey &&
      event.shiftKey &&
      event.code === 'KeyC' &&
      this.xterm_.hasSelection()
    ) {
      event.preventDefault();
      void navigator.clipboard?.writeText(this.xterm_.getSelection());
      return false;
    }
    // The browser's own paste follows.
    if (event.ctrlKey && event.shiftKey && event.code === 'KeyV') return false;
    return true;
  }

  private on_paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    this.xterm_.paste(text.replaceAll('\x1b', ''));
  }

  private use_webgl(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose()); // xterm.js then draws with the DOM
      this.xterm_.loadAddon(webgl);
    } catch {
      // No WebGL 2: the DOM renderer stays.
    }
  }

  private plan_fit(): void {
    cancelAnimationFrame(this.frame_);
    this.frame_ = requestAnimationFrame(() => {
      if (!this.host.isConnected || this.host.clientWidth < 40 || this.host.clientHeight < 20) return;
      const size = this.fit_.proposeDimensions();
      if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return;
      this.xterm_.resize(size.cols, size.rows);
      if (this.terminal_.info.running) this.terminal_.resize(size.cols, size.rows);
    });
  }

  /** Another window has set the size: the screen follows until this one has the keys again. */
  private take_size(): void {
    const { columns, rows } = this.terminal_.info;
    if (this.host.contains(document.activeElement)) return;
    if (columns !== this.xterm_.cols || rows !== this.xterm_.rows) this.xterm_.resize(columns, rows);
  }
}
