// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { FileActions } from './file_actions';
import { Uploads } from './uploads';

let runner: FakeRunner;
let uploads: Uploads;

beforeEach(async () => {
  runner = new FakeRunner();
  runner.connection.start();
  await runner.accept();
  uploads = new Uploads(new FileActions(runner.connection));
});

const data_frames = () => runner.socket().frames.filter((frame) => frame.header.kind === 'data');
const ready = (method: 'file/write' | 'file/commit') => vi.waitFor(() => expect(runner.waiting(method).length).toBe(1));

describe('Uploads', () => {
  test('sends only what credit allows, then commits the whole size', async () => {
    uploads.add('project', [{ name: 'big.bin', content: new Blob([new Uint8Array(100_000)]) }]);
    await ready('file/write');
    const begun = await runner.reply('file/write', { channel: 9, limit: 70_000 });
    expect(begun.params).toEqual({ path: 'project/big.bin', expected_etag: '' });
    await vi.waitFor(() => expect(data_frames().reduce((sum, frame) => sum + frame.payload.length, 0)).toBe(70_000));
    await runner.frame({ kind: 'credit', deflated: false, channel: 9, offset: 200_000 });
    await ready('file/commit');
    expect(data_frames().map((frame) => frame.header.offset)).toEqual([0, 65_536, 70_000]);
    const committed = await runner.reply('file/commit', { etag: 'e' });
    expect(committed.params).toEqual({ channel: 9, size: 100_000 });
    await vi.waitFor(() => expect(uploads.list[0]?.state).toBe('done'));
  });

  test('asks before it replaces', async () => {
    uploads.add('project', [{ name: 'a.txt', content: new Blob(['new']) }]);
    await ready('file/write');
    await runner.refuse('file/write', 'already_exists');
    await vi.waitFor(() => expect(uploads.list[0]?.state).toBe('exists'));
    uploads.resolve_existing(true);
    await ready('file/write');
    const begun = await runner.reply('file/write', { channel: 2, limit: 1000 });
    expect(begun.params).toEqual({ path: 'project/a.txt' });
  });

  test('an upload cut off by a drop fails and can be tried again', async () => {
    uploads.add('project', [{ name: 'a.txt', content: new Blob(['text']) }]);
    await ready('file/write');
    await runner.reply('file/write', { channel: 2, limit: 0 });
    await runner.drop();
    await vi.waitFor(() => expect(uploads.list[0]?.state).toBe('failed'));
    expect(uploads.list[0]?.problem).not.toBe('');
  });
});
