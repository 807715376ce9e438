// SPDX-License-Identifier: GPL-3.0-or-later
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folder_archive, split_top_folder, total_size } from './folder_archive';

let place = '';
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'berth-archive-'))));
afterEach(() => rmSync(place, { recursive: true }));

/** Unpacked by the system's tar, the program that workspaces use, too. */
async function unpacked(archive: Blob): Promise<(path: string) => string> {
  writeFileSync(join(place, 'a.tar'), new Uint8Array(await archive.arrayBuffer()));
  execFileSync('tar', ['-xf', 'a.tar'], { cwd: place });
  return (path) => readFileSync(join(place, path), 'utf8');
}

const item = (name: string, text: string) => ({ name, content: new File([text], name.split('/').at(-1) ?? '') });

describe('a folder as an archive', () => {
  test('holds every file under its path, byte for byte', async () => {
    const long = 'x'.repeat(1300);
    const read = await unpacked(
      await folder_archive([item('a.txt', 'one'), item('sub/deep/b.txt', long), item('c', '')]),
    );
    expect(read('a.txt')).toBe('one');
    expect(read('sub/deep/b.txt')).toBe(long);
    expect(read('c')).toBe('');
  });

  test('takes names that are long, or not English', async () => {
    const deep = `${'folder-with-a-long-name/'.repeat(9)}Größe 尺寸.txt`;
    const exact = `${'y'.repeat(100)}`;
    const read = await unpacked(await folder_archive([item(deep, 'deep'), item(exact, 'exact')]));
    expect(read(deep)).toBe('deep');
    expect(read(exact)).toBe('exact');
  });

  test('lets scripts be run, and nothing else', async () => {
    await unpacked(
      await folder_archive([
        item('run.sh', '#!/bin/sh\n'),
        item('tool', '#!/usr/bin/env python3\n'),
        item('data', 'x#!'),
      ]),
    );
    const mode = (path: string) => statSync(join(place, path)).mode & 0o111;
    expect(mode('run.sh')).not.toBe(0);
    expect(mode('tool')).not.toBe(0);
    expect(mode('data')).toBe(0);
  });

  test('is given up when the person cancels', async () => {
    const cancel = new AbortController();
    cancel.abort();
    await expect(folder_archive([item('run.sh', '#!/bin/sh\n')], cancel.signal)).rejects.toThrow();
  });

  test('leaves the name of the folder to the workspace', () => {
    const { folder, items } = split_top_folder([item('voyage/a', '1'), item('voyage/b/c', '22')]);
    expect(folder).toBe('voyage');
    expect(items.map(({ name }) => name)).toEqual(['a', 'b/c']);
    expect(total_size(items)).toBe(3);
    expect(split_top_folder([item('one/a', ''), item('two/b', '')]).folder).toBeUndefined();
    expect(split_top_folder([item('a', '')]).folder).toBeUndefined();
  });
});
