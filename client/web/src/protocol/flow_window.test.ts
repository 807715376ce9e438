// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { DrainRate, ReceiveWindow, SendWindow } from './flow_window';

describe('SendWindow', () => {
  test('a lower grant takes nothing back', () => {
    const window = new SendWindow(10, 30);
    window.on_sent(15);
    expect(window.available()).toBe(5);
    window.on_credit(20);
    expect(window.available()).toBe(5);
    window.on_credit(40);
    expect(window.available()).toBe(15);
  });
});

describe('ReceiveWindow', () => {
  test('grants once half a window is free', () => {
    const window = new ReceiveWindow(100);
    expect(window.on_data(0, 100)).toBe(true);
    expect(window.on_consumed(49)).toBeUndefined();
    expect(window.on_consumed(1)).toBe(150);
  });
  test('refuses bytes past the credit and out of order', () => {
    const window = new ReceiveWindow(10, 5);
    expect(window.on_data(6, 1)).toBe(false);
    expect(window.on_data(5, 11)).toBe(false);
    expect(window.on_data(5, 10)).toBe(true);
  });
  test('a smaller window never revokes a grant', () => {
    const window = new ReceiveWindow(100);
    window.resize(10);
    expect(window.limit()).toBe(100);
    window.on_data(0, 100);
    expect(window.on_consumed(90)).toBeUndefined();
    expect(window.on_consumed(10)).toBe(110);
  });
});

describe('DrainRate', () => {
  test('holds ten milliseconds of what was drained, within its bounds', () => {
    const drain = new DrainRate();
    expect(drain.window()).toBe(16 << 10);
    drain.on_drained(8 << 20, 1000); // 8 MB/s
    expect(drain.window()).toBeGreaterThan(80_000);
    expect(drain.window()).toBeLessThan(90_000);
    for (let sample = 0; sample < 40; ++sample) drain.on_drained(1 << 20, 0.1);
    expect(drain.window()).toBe(1 << 20);
    for (let sample = 0; sample < 40; ++sample) drain.on_drained(16 << 10, 1000);
    expect(drain.window()).toBe(16 << 10);
  });
});
