// SPDX-License-Identifier: GPL-3.0-or-later
// Programs ask a terminal what it is, where its cursor stands, what colours it has. Where several windows show one terminal,
// each of them would answer, and the program would read the second answer as keys: only one may.
import type { IDisposable, Terminal as Xterm } from '@xterm/xterm';

const questions = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { prefix: '>', final: 'q' },
  { final: 't' },
];
const colours = [4, 10, 11, 12];

export function answer_while(xterm: Xterm, answers: () => boolean): IDisposable[] {
  const silent = () => !answers(); // true: dealt with
  return [
    ...questions.map((question) => xterm.parser.registerCsiHandler(question, silent)),
    ...colours.map((number) => xterm.parser.registerOscHandler(number, (data) => data.includes('?') && silent())),
    xterm.parser.registerDcsHandler({ intermediates: '$', final: 'q' }, silent),
  ];
}
