// SPDX-License-Identifier: GPL-3.0-or-later
// The people's colours are those that the desktop has too, and can be read.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read_vectors } from '../testing/vectors';

interface Palette {
  text: string;
  colours: string[];
}
const { light, dark } = read_vectors<{ light: Palette; dark: Palette }>('presence_colours.json');
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The variables of the first block whose selector ends with `theme`. */
function variables(css: string, theme: 'light' | 'dark'): Map<string, string> {
  const block = new RegExp(`:root\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map([...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? '', value ?? '']));
}
function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
/** WCAG 2.2: relative luminance and contrast. */
function luminance(rgb: number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: number[], b: number[]): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
}
function mixed(colour: string, over: string, share: number): number[] {
  const under = channels(over);
  return channels(colour).map((value, index) => value * share + (under[index] ?? 0) * (1 - share));
}

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('%s', (theme, palette) => {
  const people = variables(read('presence.css'), theme);
  const page = variables(read('theme.css'), theme);
  const ground = (name: string) => page.get(name) ?? '';

  test('the style sheet has the twelve shared colours', () => {
    expect(palette.colours).toHaveLength(12);
    expect(people.get('--on-person')).toBe(palette.text);
    palette.colours.forEach((colour, index) => expect(people.get(`--person-${index}`)).toBe(colour));
  });

  test.each(palette.colours)('%s can be read', (colour) => {
    expect(contrast(channels(palette.text), channels(colour))).toBeGreaterThanOrEqual(4.5); // names, initials
    for (const name of ['--surface', '--ground', '--raised'])
      expect(contrast(channels(colour), channels(ground(name)))).toBeGreaterThanOrEqual(3); // carets, avatars
    const selected = mixed(colour, ground('--surface'), 0.22);
    expect(contrast(channels(ground('--text-1')), selected)).toBeGreaterThanOrEqual(4.5);
  });

  test('no two look alike', () => {
    palette.colours.forEach((one, index) => {
      for (const other of palette.colours.slice(index + 1)) {
        const difference = channels(one).map((value, at) => value - (channels(other)[at] ?? 0));
        expect(Math.hypot(...difference), `${one} ${other}`).toBeGreaterThan(40);
      }
    });
  });
});
