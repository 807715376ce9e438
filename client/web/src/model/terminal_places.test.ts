// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { named_places, wire_path } from './terminal_places';

const names = (text: string) =>
  named_places(text).map(({ name, line, column }) =>
    [name, line, column].filter((part) => part !== undefined).join('|'),
  );

describe('named_places', () => {
  test('as compilers, test programs, grep and Python write them', () => {
    expect(names('src/main.cpp:12:5: error: expected')).toEqual(['src/main.cpp|12|5']);
    expect(names('  --> src/lib.rs:4:9')).toEqual(['src/lib.rs|4|9']);
    expect(names('  File "/home/ada/project/main.py", line 3, in <module>')).toEqual(['/home/ada/project/main.py|3']);
    expect(names('app.ts(7,2): error TS2304')).toEqual(['app.ts|7|2']);
    expect(names('    at run (./lib/index.js:10:3)')).toEqual(['./lib/index.js|10|3']);
    expect(names('modified:   docs/guide.md')).toEqual(['docs/guide.md']);
    expect(names('Makefile:3: warning')).toEqual(['Makefile|3']);
  });
  test('numbers, addresses and plain words are none', () => {
    for (const text of ['version 1.5.2 of 10:30', 'http://localhost:8080/x', 'hello world', 'user@host:~$', '3/4'])
      expect(names(text)).toEqual([]);
  });
  test('where they stand is told', () => {
    const [place] = named_places('see a/b.c:1 now');
    expect(place && 'see a/b.c:1 now'.slice(place.from, place.to)).toBe('a/b.c:1');
  });
  test('hostile lines end soon', () => {
    const began = performance.now();
    for (const text of ['a/'.repeat(50_000), '.'.repeat(100_000), 'a.'.repeat(50_000), '../'.repeat(40_000)])
      named_places(text);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test('a name becomes a path below home, or nothing', () => {
  expect(wire_path('a/../b.py', '/home/ada/project/src', '/home/ada')).toBe('project/src/b.py');
  expect(wire_path('~/x.py', undefined, '/home/ada')).toBe('x.py');
  expect(wire_path('x.py', undefined, '/home/ada')).toBe('project/x.py');
  expect(wire_path('/etc/passwd', undefined, '/home/ada')).toBeUndefined();
  expect(wire_path('../../../../etc/passwd', '/home/ada/project', '/home/ada')).toBeUndefined();
  expect(wire_path('/home/adam/x', undefined, '/home/ada')).toBeUndefined();
});
