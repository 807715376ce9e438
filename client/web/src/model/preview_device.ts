// SPDX-License-Identifier: GPL-3.0-or-later
// How large the window is that a preview pretends to have: as it is, or a device's, made smaller where there is less room.
import { message, type Message } from './translation';

export interface Size {
  width: number; // px
  height: number;
}
export const least_side = 120;
export const most_side = 4000;

export const devices: readonly (Size & { name: Message })[] = [
  { name: message('Small phone'), width: 360, height: 640 },
  { name: message('Phone'), width: 390, height: 844 },
  { name: message('Tablet'), width: 820, height: 1180 },
  { name: message('Laptop'), width: 1280, height: 800 },
  { name: message('Wide screen'), width: 1920, height: 1080 },
];

/** What was remembered or typed; undefined when it can't be one. */
export function size_of(value: unknown): Size | undefined {
  const { width, height } = (value ?? {}) as Record<string, unknown>;
  const fits = (side: unknown): side is number =>
    typeof side === 'number' && Number.isInteger(side) && side >= least_side && side <= most_side;
  return fits(width) && fits(height) ? { width, height } : undefined;
}

export function turned({ width, height }: Size): Size {
  return { width: height, height: width };
}

/** By how much it is drawn smaller, so that all of it is seen; never larger than it is. */
export function scale_in(size: Size, room: Size): number {
  return Math.max(0.05, Math.min(1, room.width / size.width, room.height / size.height));
}
