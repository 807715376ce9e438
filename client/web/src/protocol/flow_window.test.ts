// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { DeliveryRate, DrainRate, ReceiveWindow, SendWindow } from './flow_window';

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

describe('DeliveryRate', () => {
  const limit = DrainRate.largest;
  /**
   * A road of `rate` bytes/ms and `round_trip` ms between ends that take `busy` ms, a view that takes 2 ms; the window after
   * some seconds of a flood.
   */
  function flood(rate: number, round_trip: number, busy = 0): number {
    const delivery = new DeliveryRate();
    let window = delivery.window(round_trip, limit);
    for (let now = 0; now < 5000;) {
      const loop = Math.max(round_trip + busy + 2, window / rate); // a window's worth of bytes takes so long
      for (let piece = 0; piece < 10; ++piece) delivery.on_drained(window / 10, 2, (now += loop / 10));
      window = delivery.window(round_trip, limit);
    }
    return window;
  }
  test('keeps a road full and little waiting on it', () => {
    for (const [rate, round_trip] of [
      [5000, 10],
      [1000, 50],
      [2000, 200],
    ] as const) {
      const window = flood(rate, round_trip);
      expect(window).toBeGreaterThan(rate * round_trip);
      expect(window / rate - round_trip).toBeLessThan(25 + round_trip * 0.5);
    }
  });
  test('ends that are slow to answer are no slow road', () => {
    expect(flood(5000, 10, 60)).toBeGreaterThan(5000 * 70);
  });
  test('a slow road gets the smallest window, an unknown one enough to begin with', () => {
    expect(flood(50, 20)).toBe(DrainRate.smallest);
    expect(new DeliveryRate().window(20, limit)).toBe(64 << 10);
  });
  test('a pause tells nothing about the road', () => {
    const delivery = new DeliveryRate();
    for (let second = 0; second < 100; ++second) delivery.on_drained(10, 1, second * 1000);
    expect(delivery.window(20, limit)).toBe(64 << 10);
  });
});
