// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { RestClient } from '../connection/rest_client';
import { json_response, running } from '../testing/fake_runner';
import { Workspaces } from './workspaces';

test('a workspace that could not be stopped is known as such until it is', async () => {
  const reason = 'It was not stopped, because its last changes could not be stored: the disk is full.';
  let now = { ...running };
  const answer = (url: string) =>
    json_response(url.endsWith('/templates') ? { templates: [] } : url.endsWith('/stop') ? now : { workspaces: [now] });
  const workspaces = new Workspaces(new RestClient((input) => Promise.resolve(answer(input as string)), undefined));
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);

  // Told by the answer, or by the list after an answer that came before the end.
  now = { ...now, reason };
  await workspaces.stop(now.id);
  expect([...workspaces.not_stopped]).toEqual([now.id]);
  now = { ...now, state: 'stopping', reason: '' };
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);
  now = { ...now, state: 'running', reason };
  await workspaces.refresh();
  expect([...workspaces.not_stopped]).toEqual([now.id]);

  now = { ...now, state: 'stopped', reason: '' };
  await workspaces.refresh();
  expect(workspaces.not_stopped.size).toBe(0);
});
