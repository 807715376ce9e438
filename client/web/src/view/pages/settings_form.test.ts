// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { settings_of } from './settings_form';

test('every field of the form is sent as the server takes it: bytes, whole numbers, switches, domains', () => {
  const fields = new FormData();
  for (const name of ['workspaces_per_account', 'running_per_account', 'workspaces_per_team', 'running_per_team'])
    fields.set(name, '7');
  fields.set('idle_stop_minutes', '30');
  fields.set('maximum_life_minutes', '0');
  fields.set('teams_per_account', '2');
  fields.set('audit_days', '90');
  fields.set('storage_per_account', '0.5');
  fields.set('storage_per_team', '20');
  fields.set('registration_domains', 'example.org, example.com;\n');
  fields.set('registration_open', 'on');
  expect(settings_of(fields)).toEqual({
    registration_open: true,
    password_sign_in: false,
    registration_domains: ['example.org', 'example.com'],
    idle_stop_minutes: 30,
    maximum_life_minutes: 0,
    workspaces_per_account: 7,
    running_per_account: 7,
    workspaces_per_team: 7,
    running_per_team: 7,
    teams_per_account: 2,
    audit_days: 90,
    storage_per_account: 2 ** 29,
    storage_per_team: 20 * 2 ** 30,
  });
});
