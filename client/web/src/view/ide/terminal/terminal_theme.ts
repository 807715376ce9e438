// SPDX-License-Identifier: GPL-3.0-or-later
// The sixteen colours programs ask for, readable on both grounds.
import type { ITheme } from '@xterm/xterm';

const light: ITheme = {
  background: '#ffffff',
  foreground: '#14232b',
  cursor: '#0c6f7b',
  cursorAccent: '#ffffff',
  selectionBackground: '#bfe2e6',
  black: '#14232b',
  red: '#b42318',
  green: '#1b7338',
  yellow: '#8a5300',
  blue: '#1d5bb8',
  magenta: '#8a2f9e',
  cyan: '#0c6f7b',
  white: '#5d6f79',
  brightBlack: '#5d6f79',
  brightRed: '#c93b2f',
  brightGreen: '#23853f',
  brightYellow: '#9a6200',
  brightBlue: '#2c6fd1',
  brightMagenta: '#a044b5',
  brightCyan: '#12808c',
  brightWhite: '#3a4a53',
};

const dark: ITheme = {
  background: '#151e24',
  foreground: '#e4ecf0',
  cursor: '#4cc0cb',
  cursorAccent: '#151e24',
  selectionBackground: '#285a63',
  black: '#2a3841',
  red: '#ff8f87',
  green: '#74d296',
  yellow: '#f2bd63',
  blue: '#82b4ff',
  magenta: '#dd9bf0',
  cyan: '#4cc0cb',
  white: '#d3dde2',
  brightBlack: '#7f939f',
  brightRed: '#ffb0aa',
  brightGreen: '#98e5b3',
  brightYellow: '#ffd58c',
  brightBlue: '#a8ccff',
  brightMagenta: '#ebbbf8',
  brightCyan: '#80dbe4',
  brightWhite: '#ffffff',
};

export function terminal_theme(is_dark: boolean, high_contrast: boolean): ITheme {
  const usual = is_dark ? dark : light;
  if (!high_contrast) return usual;
  const [ground, letters] = is_dark ? ['#000000', '#ffffff'] : ['#ffffff', '#000000'];
  return { ...usual, background: ground, foreground: letters, cursor: letters, cursorAccent: ground };
}
