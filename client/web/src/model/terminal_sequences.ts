// SPDX-License-Identifier: GPL-3.0-or-later
// What programs tell a terminal besides text (OSC 52, links), and what may be pasted into one. Everything here was written
// by somebody else and is bounded.

const longest_clipboard = 1 << 20; // characters of base64

/** The text that OSC 52 puts into the clipboard; undefined for questions (never answered) and what makes no sense. */
export function clipboard_text(data: string): string | undefined {
  const separator = data.indexOf(';');
  const encoded = data.slice(separator + 1);
  if (separator < 0 || encoded === '' || encoded === '?' || encoded.length > longest_clipboard) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The address when it is one that may be opened from a terminal. */
export function safe_link(address: string): string | undefined {
  if (address.length > 4096) return undefined;
  try {
    const { protocol, href } = new URL(address);
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** Without the control characters that would end a bracketed paste or act as keys; tabs and line ends stay. */
export function clean_paste(text: string): string {
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ''); // eslint-disable-line no-control-regex
}

/** How many lines a paste would run at once in a program that does not know pastes; 0 or 1 need no question. */
export function pasted_lines(text: string): number {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.length > 1 && lines.at(-1) === '' ? lines.length - 1 || 1 : lines.length;
}
