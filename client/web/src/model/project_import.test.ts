// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { FakeRunner } from '../testing/fake_runner';
import { MemoryStorage } from '../testing/memory_storage';
import { ProjectImport } from './project_import';

/** A page of a browser tab that connects to `runner`. */
async function page(storage: Storage) {
  const runner = new FakeRunner();
  const shown = new ProjectImport(runner.connection, 'key', storage);
  runner.connection.start();
  await runner.accept();
  return { runner, shown };
}

const clone = { text: 'Receiving objects: 40%', percent: 40, finished: false };
const failure = { text: '', finished: true, problem: 'The import failed: no such repository' };

test('an import under way is shown by whichever page opens, and goes with its success', async () => {
  const { runner, shown } = await page(new MemoryStorage());
  await runner.notify('workspace/import', clone);
  expect(shown.now).toEqual(clone);
  await runner.notify('workspace/import', { text: 'Cloned', finished: true });
  expect(shown.now).toBeUndefined();
});

test('one that ended while the connection was away is not shown for ever', async () => {
  const { runner, shown } = await page(new MemoryStorage());
  await runner.notify('workspace/import', clone);
  await runner.drop();
  runner.connection.retry_now();
  await runner.accept();
  expect(shown.now).toBeUndefined();
});

test('a failure is shown until it was read, and the next import’s is shown again', async () => {
  const storage = new MemoryStorage();
  const first = await page(storage);
  await first.runner.notify('workspace/import', failure);
  expect(first.shown.now).toEqual(failure);
  const second = await page(storage);
  await second.runner.notify('workspace/import', failure);
  expect(second.shown.now).toEqual(failure);
  second.shown.dismiss();
  const third = await page(storage);
  await third.runner.notify('workspace/import', failure);
  expect(third.shown.now).toBeUndefined();
  await third.runner.notify('workspace/import', clone);
  await third.runner.notify('workspace/import', failure);
  expect(third.shown.now).toEqual(failure);
});
