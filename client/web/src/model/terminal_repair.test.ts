// SPDX-License-Identifier: GPL-3.0-or-later
// Output or a painted screen that breaks off on a living connection.
import { expect, test, vi } from 'vitest';
import {
  attached,
  bytes_of,
  output,
  reconnect,
  runner,
  screen,
  terminal,
  use_terminal_stage,
} from '../testing/terminal_stage';

use_terminal_stage();

const painted = () => attached({ output_offset: 900, screen: 9, lost: true });
const damaged = (channel: number, offset: number) =>
  runner.frame({ kind: 'data', deflated: true, channel, offset }, new Uint8Array([0xff, 0xff, 0xff]));
const attaching = () => runner.waiting('terminal/attach').length;

test('a damaged picture is painted again at once, and what follows it is not held back', async () => {
  await reconnect(false);
  await runner.reply('terminal/attach', painted());
  await output(0, 'half', 9);
  await output(900, ' and the output', 3);
  await damaged(9, 4);
  const asked = await runner.reply('terminal/attach', { ...painted(), channel: 5, screen: 11 });
  expect(asked.params['output_offset']).toBeUndefined();
  const aborts = runner.socket().frames.filter(({ header }) => header.kind === 'abort');
  expect(aborts.map(({ header }) => header.channel).sort()).toEqual([3, 9]);
  await output(4, 'late', 9); // of the picture that was given up
  await output(0, 'the ', 11);
  await output(4, 'whole', 11);
  await output(900, ' and more', 5);
  await runner.frame({ kind: 'end', deflated: false, channel: 11, offset: 9 });
  screen.parse();
  expect(screen.text).toBe('the whole and more');
  expect(screen.pictures).toBe(2); // the very first attach counts
  expect(terminal.problem).toBeUndefined();
});

test('one that ends too early is none, nor is one that the runner gives up', async () => {
  await reconnect(false);
  await runner.reply('terminal/attach', painted());
  await output(0, 'half', 9);
  await runner.frame({ kind: 'end', deflated: false, channel: 9, offset: 40 });
  await runner.reply('terminal/attach', { ...painted(), channel: 5, screen: 11 });
  await runner.frame({ kind: 'abort', deflated: false, channel: 11, offset: 0 });
  await runner.reply('terminal/attach', { ...painted(), channel: 7, screen: 13 });
  await output(0, 'whole', 13);
  await runner.frame({ kind: 'end', deflated: false, channel: 13, offset: 5 });
  screen.parse();
  expect(screen.text).toBe('whole');
});

test('what is damaged each time is told, tried again when asked, and again with the next connection', async () => {
  await reconnect(false);
  for (let attempt = 0; attempt < 4; ++attempt) {
    expect(terminal.problem).toBeUndefined();
    await runner.reply('terminal/attach', painted());
    await damaged(9, 0);
  }
  expect(terminal.problem).toBe('This terminal’s output arrives damaged.');
  await vi.advanceTimersByTimeAsync(3000);
  expect(attaching()).toBe(0);
  terminal.try_again();
  await runner.settle();
  expect(terminal.problem).toBeUndefined();
  await runner.reply('terminal/attach', painted());
  await damaged(9, 0);
  await reconnect(true);
  await runner.reply('terminal/attach', painted());
  await output(0, 'whole', 9);
  await runner.frame({ kind: 'end', deflated: false, channel: 9, offset: 5 });
  screen.parse();
  expect(screen.text).toBe('whole');
});

test('damage now and then is mended each time without a word', async () => {
  let offset = 0;
  for (let time = 0; time < 10; ++time) {
    await output(offset, 'x');
    await runner.frame({ kind: 'data', deflated: true, channel: 3, offset: ++offset }, bytes_of('no deflate'));
    const asked = await runner.reply('terminal/attach', attached({ output_offset: offset }));
    expect(asked.params['output_offset']).toBe(offset);
    vi.setSystemTime(Date.now() + 11_000);
  }
  screen.parse();
  expect(screen.text).toBe('x'.repeat(10));
  expect(terminal.problem).toBeUndefined();
});

test('an attach that is refused is told, not forgotten', async () => {
  await runner.frame({ kind: 'abort', deflated: false, channel: 3, offset: 0 });
  await runner.refuse('terminal/attach', 'internal', 'It did not work.');
  expect(terminal.problem).toBe('It did not work.');
  terminal.try_again();
  await runner.settle();
  await runner.reply('terminal/attach', attached({ output_offset: 0 }));
  await output(0, 'there');
  screen.parse();
  expect(screen.text).toBe('there');
});
