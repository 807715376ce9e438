// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { BerthError } from '../connection/berth_error';
import { RestClient } from '../connection/rest_client';
import type { UploadOptions } from '../connection/upload_request';
import { json_response, running } from '../testing/fake_runner';
import type { Workspace } from '../protocol/messages';
import { archive_format, name_without_ending, project_source, ProjectUploads } from './project_uploads';

/** A server whose answers come when the test says; `known` are the workspaces that the page knows. */
function place() {
  const sent: { address: string; body: Blob; options: UploadOptions; answer: (response: Response) => void }[] = [];
  const called: string[] = [];
  const fetch_ = (address: string, { method }: RequestInit) => {
    called.push(`${method} ${address}`);
    return Promise.resolve(json_response({}));
  };
  const rest = new RestClient(fetch_ as typeof fetch, undefined, undefined, (_, address, body, options) => {
    return new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new BerthError('cancelled', '')));
      sent.push({ address, body, options, answer: resolve });
    });
  });
  rest.ensure_fresh = () => Promise.resolve();
  const known: string[] = ['old'];
  const uploads = new ProjectUploads(rest, () => known);
  const made: Workspace[] = [];
  uploads.on_made((workspace) => made.push(workspace));
  const until = (holds: () => boolean) => expect.poll(holds).toBe(true);
  return { sent, called, known, uploads, made, until };
}

const archive = { archive: new File(['zip bytes'], 'voyage.zip') };

describe('project uploads', () => {
  test('tell how far they are and end as a workspace', async () => {
    const { sent, uploads, made, until } = place();
    const upload = uploads.begin('Voyage', archive);
    await until(() => sent.length === 1);
    expect(sent[0]!.address).toBe('/api/v1/workspaces/import?name=Voyage&template_id=empty&format=zip');
    expect([upload.state, upload.sent, upload.total]).toEqual(['sending', 0, 9]);
    sent[0]!.options.on_sent?.(4);
    expect(upload.sent).toBe(4);
    sent[0]!.options.on_sent?.(9);
    expect(upload.state).toBe('unpacking');
    expect(uploads.any_under_way()).toBe(true);
    sent[0]!.answer(json_response(running));
    await until(() => made.length === 1);
    expect(uploads.list).toEqual([]);
  });

  test("become a team's where that is wanted", async () => {
    const { sent, uploads, until } = place();
    uploads.begin('Voyage', archive, 'crew');
    await until(() => sent.length === 1);
    expect(sent[0]!.address).toBe('/api/v1/workspaces/import?name=Voyage&template_id=empty&format=zip&team=crew');
  });

  test('send a folder as one archive', async () => {
    const { sent, uploads, until } = place();
    uploads.begin('Folder', { files: [{ name: 'a.txt', content: new Blob(['one']) }] });
    await until(() => sent.length === 1);
    expect(sent[0]!.address).toContain('format=tar');
    expect(await sent[0]!.body.text()).toContain('one');
  });

  test('hide the workspace that the server makes of them, and no other', async () => {
    const { sent, uploads, until } = place();
    uploads.begin('Voyage', archive);
    await until(() => sent.length === 1);
    expect(uploads.is_making({ ...running, id: 'new', name: 'Voyage' })).toBe(true);
    expect(uploads.is_making({ ...running, id: 'old', name: 'Voyage' })).toBe(false);
    expect(uploads.is_making({ ...running, id: 'new', name: 'Other' })).toBe(false);
  });

  test('are gone once cancelled', async () => {
    const { sent, uploads, made, until } = place();
    uploads.begin('Voyage', archive);
    await until(() => sent.length === 1);
    uploads.cancel_all();
    expect(sent[0]!.options.signal?.aborted).toBe(true);
    expect(uploads.list).toEqual([]);
    await Promise.resolve();
    expect(made).toEqual([]);
  });

  test('are taken back when they are cancelled after the server had it all', async () => {
    const { sent, called, uploads, made, until } = place();
    const upload = uploads.begin('Voyage', archive);
    await until(() => sent.length === 1);
    sent[0]!.options.on_sent?.(9);
    uploads.cancel(upload);
    expect(uploads.list).toEqual([]);
    sent[0]!.answer(json_response(running));
    await until(() => called.length === 1);
    expect(called).toEqual([`DELETE /api/v1/workspaces/${running.id}`]);
    expect(made).toEqual([]);
  });

  test('say why they failed and can be tried again', async () => {
    const { sent, uploads, made, until } = place();
    const upload = uploads.begin('Voyage', archive);
    await until(() => sent.length === 1);
    const message = 'Your storage has 0 MiB left.';
    sent[0]!.answer(json_response({ error: { code: 'limit_exceeded', message, data: {} } }, 429));
    await until(() => upload.state === 'failed');
    expect(upload.problem).toBe(message);
    expect(uploads.any_under_way()).toBe(false);
    uploads.retry(upload);
    await until(() => sent.length === 2);
    sent[1]!.answer(json_response(running));
    await until(() => made.length === 1);
  });

  test('refuse what is no archive before anything is sent', async () => {
    const { sent, uploads, until } = place();
    const upload = uploads.begin('Photo', { archive: new File(['x'], 'photo.png') });
    await until(() => upload.state === 'failed');
    expect(upload.problem).toContain('photo.png');
    expect(sent).toEqual([]);
  });
});

test('what is dropped is an archive, a folder, or loose files', () => {
  const item = (name: string) => ({ name, content: new File(['x'], name.split('/').at(-1) ?? '') });
  expect(project_source([])).toBeUndefined();
  expect(project_source([item('voyage.tgz')])).toMatchObject({
    name: 'voyage',
    source: { archive: { name: 'voyage.tgz' } },
  });
  const folder = project_source([item('voyage/a.tgz'), item('voyage/log/b')]);
  expect(folder).toMatchObject({ name: 'voyage', source: { files: [{ name: 'a.tgz' }, { name: 'log/b' }] } });
  expect(project_source([item('a.txt'), item('b.txt')])).toMatchObject({
    name: 'a.txt',
    source: { files: { length: 2 } },
  });
});

test('an archive is known by its name', () => {
  expect(archive_format('site.zip')).toBe('zip');
  expect(archive_format('berth-1.2.TAR.GZ')).toBe('tar.gz');
  expect(archive_format('a.tgz')).toBe('tar.gz');
  expect(archive_format('a.tar.zst')).toBe('tar.zst');
  expect(archive_format('photo.png')).toBeUndefined();
  expect(archive_format('zip')).toBeUndefined();
  expect(name_without_ending('voyage.tar.gz')).toBe('voyage');
  expect(name_without_ending('project.git')).toBe('project');
  expect(name_without_ending('v1.2')).toBe('v1.2');
});
