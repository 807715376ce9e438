// SPDX-License-Identifier: GPL-3.0-or-later
// A team of several people: made, filled, worked in, its templates used, its people given other roles and taken out while their
// windows are open, workspaces handed over into it and out of it, and its end.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  account,
  editor_shows,
  eventually,
  open_file,
  retype,
  saved_on_disk,
  scenario,
  workspace_ready,
} from './support/browser.mjs';
import { inspect, inspect_everywhere } from './support/looks.mjs';
import { register_natively, set_up_server, sign_in_natively, signed_in_browser } from './support/rest.mjs';
import { use_stage } from './support/stage.mjs';

const grace = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };
const mary = { name: 'Mary Somerville', email: 'mary@example.org', password: 'on the connexion' };
const stage = use_stage({ people: [account, grace, mary] });
const team = 'Analytical Engines';

async function person(who, path = '/') {
  const one = await stage.person({ storageState: await signed_in_browser(stage.origin, who) });
  await one.page.goto(`${stage.origin}${path}`);
  return one;
}

async function open_team(page, part = '') {
  await page.goto(`${stage.origin}/teams`);
  await page.getByRole('link', { name: team }).click();
  await page.getByRole('heading', { name: team }).waitFor();
  if (part) await page.getByRole('link', { name: part, exact: true }).click();
}

async function choose(page, name, entry) {
  await page.getByRole('button', { name: `More for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** Writes what to look for into a workspace's project, whether it runs or not. */
async function stop(who, name) {
  const call = await sign_in_natively(stage.server.origin, who);
  const { workspaces } = await call('GET', 'workspaces');
  const { id } = workspaces.find((one) => one.name === name);
  await call('POST', `workspaces/${id}/stop`);
  return id;
}

scenario('a team is made, somebody is invited into it, and makes a workspace there that all of them have', async () => {
  await set_up_server(stage.server, account);
  await register_natively(stage.server.origin, grace);
  const owner = await person(account, '/teams');
  await owner.page.getByRole('heading', { name: 'You are in no team yet' }).waitFor();
  await inspect_everywhere(owner.page, 'teams-none');
  await owner.page.getByRole('button', { name: 'New team' }).click();
  await owner.page.getByLabel('Name').fill(team);
  await owner.page.getByRole('button', { name: 'Make the team' }).click();
  await owner.page.getByRole('heading', { name: 'Members' }).waitFor();

  const invite = owner.page.getByLabel('E-mail address of the person');
  await invite.fill(grace.email);
  await owner.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await owner.page.getByText(`${grace.email} is in it now.`).waitFor();
  await invite.fill('nobody@example.org');
  await owner.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await owner.page.getByRole('button', { name: 'Withdraw the invitation of nobody@example.org' }).waitFor();
  await inspect_everywhere(owner.page, 'team-members');
  await owner.page.getByRole('button', { name: 'Withdraw the invitation of nobody@example.org' }).click();
  await owner.page.getByText('nobody@example.org', { exact: true }).waitFor({ state: 'detached' });

  const member = await person(grace);
  await member.page.getByRole('button', { name: 'New workspace' }).click();
  await member.page.getByRole('radio', { name: /^Python/ }).check();
  await member.page.getByLabel('Name').fill('Difference');
  await member.page.getByLabel('Owner').selectOption(`${team} (team)`);
  await inspect_everywhere(member.page, 'create-in-team');
  await member.page.getByRole('button', { name: 'Create and open' }).click();
  await workspace_ready(member.page);
  await open_file(member.page, 'main.py');
  await retype(member.page, 'by = "the team"\n');
  await saved_on_disk(member.page);

  await open_team(owner.page);
  const card = owner.page.getByRole('article', { name: 'Difference' });
  await card.getByText('running').waitFor();
  await owner.page.getByRole('meter', { name: 'Workspaces' }).waitFor();
  await inspect_everywhere(owner.page, 'team');

  // On the dashboard it stands among the own ones, until one asks for one's own alone.
  await owner.page.goto(`${stage.origin}/`);
  await owner.page.getByRole('article', { name: 'Difference' }).getByText(team).waitFor();
  await owner.page.getByLabel('Whose').selectOption('Mine');
  await owner.page.getByRole('heading', { name: 'No workspace is like that' }).waitFor();
  await owner.page.getByLabel('Whose').selectOption(team);
  await owner.page.getByRole('article', { name: 'Difference' }).waitFor();
  await inspect_everywhere(owner.page, 'dashboard-team');
  assert.deepEqual([...owner.faults, ...member.faults], []);
});

scenario('an archive is uploaded into the team', async () => {
  const place = mkdtempSync(join(tmpdir(), 'berth-teams-'));
  writeFileSync(join(place, 'logbook.txt'), 'wind from the west\n');
  const buffer = execFileSync('tar', ['-cz', '-C', place, 'logbook.txt']);
  rmSync(place, { recursive: true });
  const { page, faults } = await person(grace);
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('button', { name: 'Upload' }).click();
  const archive = { name: 'logbook.tar.gz', mimeType: 'application/gzip', buffer };
  await page.getByLabel('Choose an archive…').setInputFiles(archive);
  await page.getByLabel('Owner').selectOption(`${team} (team)`);
  await inspect(page, 'upload-into-team');
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('heading', { name: 'logbook' }).waitFor();
  await open_file(page, 'logbook.txt');
  await editor_shows(page, (text) => text.includes('wind from the west'), 'the archive’s file');

  const call = await sign_in_natively(stage.server.origin, account);
  const { workspaces } = await call('GET', 'workspaces');
  const made = workspaces.find(({ name }) => name === 'logbook');
  assert.equal(made.owner.name, team);
  await call('DELETE', `workspaces/${made.id}`);
  assert.deepEqual(faults, []);
});

scenario('a workspace of the team becomes a template, and another one begins as it', async () => {
  const owner = await person(account);
  await choose(owner.page, 'Difference', 'Use as team template…');
  const dialog = owner.page.getByRole('dialog', { name: 'Use as team template' });
  await dialog.getByLabel('Name').fill('Engine');
  await dialog.getByLabel('Description').fill('What every engine begins as');
  await inspect_everywhere(owner.page, 'team-template');
  await dialog.getByRole('button', { name: 'Offer it' }).click();
  await owner.page.getByRole('article', { name: 'Difference' }).getByText('team template').waitFor();
  await stop(grace, 'Difference');

  const member = await person(grace);
  await member.page.getByRole('button', { name: 'New workspace' }).click();
  await member.page.getByText(`Templates of ${team}`).waitFor();
  await member.page.getByRole('radio', { name: /^Engine/ }).check();
  await inspect_everywhere(member.page, 'create-from-team-template');
  await member.page.getByLabel('Name').fill('Copy of it');
  await member.page.getByRole('button', { name: 'Create and open' }).click();
  await workspace_ready(member.page);
  await open_file(member.page, 'main.py');
  await editor_shows(member.page, (text) => text.includes('by = "the team"'), 'what the template holds');

  await open_team(owner.page, 'Templates');
  await owner.page.getByText('What every engine begins as').waitFor();
  await inspect_everywhere(owner.page, 'team-templates');
  await owner.page.getByRole('button', { name: 'Change Engine' }).click();
  const change = owner.page.getByRole('dialog', { name: 'Team template' });
  await change.getByRole('button', { name: 'Offer it no longer Engine' }).click();
  await change.getByRole('button', { name: 'Take it back' }).click();
  await owner.page.getByText('There is none yet.').waitFor();
  assert.deepEqual([...owner.faults, ...member.faults], []);
});

scenario('a member becomes a viewer and is taken out while their window is open', async () => {
  const member = await person(grace);
  const card = member.page.getByRole('article', { name: 'Difference' });
  await card.getByRole('button', { name: 'Start' }).click();
  await card.getByText('running').waitFor();
  await card.getByRole('link', { name: 'Difference' }).click();
  await workspace_ready(member.page);

  const owner = await person(account);
  await open_team(owner.page, 'Members');
  await owner.page.getByLabel(`What ${grace.name} may do`).selectOption('May look');
  await member.page.locator('.role-word', { hasText: 'May look' }).waitFor();
  await owner.page.getByLabel(`What ${grace.name} may do`).selectOption('May edit');
  await member.page.locator('.role-word', { hasText: 'May edit' }).waitFor();
  await owner.page.getByRole('button', { name: `Take out ${grace.name}` }).click();
  await owner.page.getByRole('button', { name: 'Take them out' }).click();
  await member.page.getByText('it is not shared with you any more').waitFor();
  await member.page.getByRole('button', { name: 'To your workspaces' }).click();
  await member.page.getByRole('article', { name: 'Copy of it' }).waitFor();
  assert.equal(await member.page.getByRole('article', { name: 'Difference' }).count(), 0);

  // Her addresses of it are strangers' now.
  const address = owner.page.url();
  await member.page.goto(address);
  await member.page.getByRole('heading', { name: 'This team can’t be shown' }).waitFor();
  await inspect(member.page, 'team-not-there');
  assert.deepEqual([...owner.faults, ...member.faults], []);
});

scenario('an invitation’s link lets in whoever has it, once', async () => {
  const before = stage.server.output().length;
  const owner = await person(account);
  await open_team(owner.page, 'Members');
  await owner.page.getByLabel('E-mail address of the person').fill('sommerville@example.org');
  await owner.page.getByLabel('What the person may do').selectOption('Owner');
  await owner.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await owner.page.getByText('sommerville@example.org is invited').waitFor();
  let link;
  await eventually(() => {
    link = /\S+\/teams\/join\?token=[\w.-]+/.exec(stage.server.output().slice(before))?.[0];
    return link !== undefined;
  }, 'the invitation in the log of a server without mail');
  const { pathname, search } = new URL(link);

  const guest = await stage.person();
  await guest.page.goto(`${stage.origin}${pathname}${search}`);
  await guest.page.getByRole('link', { name: 'Create an account' }).click();
  await guest.page.getByLabel('Name').fill(mary.name);
  await guest.page.getByLabel('E-mail').fill(mary.email);
  await guest.page.getByLabel('Password').fill(mary.password);
  await guest.page.getByRole('button', { name: 'Create account' }).click();
  await guest.page.getByRole('heading', { name: 'You are invited to a team' }).waitFor();
  await inspect_everywhere(guest.page, 'join-team');
  await guest.page.getByRole('button', { name: 'Join the team' }).click();
  await guest.page.getByRole('heading', { name: team }).waitFor();
  await guest.page.getByRole('article', { name: 'Difference' }).waitFor();

  const late = await person(grace, `${pathname}${search}`);
  await late.page.getByRole('button', { name: 'Join the team' }).click();
  await late.page.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
  assert.deepEqual([...owner.faults, ...guest.faults, ...late.faults], []);
});

scenario('a workspace is handed over to the team, and out of it to one of its people', async () => {
  await stage.make_workspace('Empty', 'Notes');
  await stop(account, 'Notes');
  const owner = await person(account);
  await choose(owner.page, 'Notes', 'Share…');
  const dialog = owner.page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByLabel('Hand it over to').selectOption(`${team} (team)`);
  await dialog.getByText(`Make ${team} the owner?`).waitFor();
  await inspect_everywhere(owner.page, 'hand-over-to-team');
  await dialog.getByRole('button', { name: 'Hand it over' }).click();
  await dialog.waitFor({ state: 'detached' });
  await owner.page.getByRole('article', { name: 'Notes' }).getByText(team).waitFor();

  await choose(owner.page, 'Notes', 'Share…');
  await dialog.getByRole('link', { name: team }).waitFor();
  await dialog.getByLabel('Hand it over to').selectOption(mary.name);
  await inspect(owner.page, 'hand-over-out-of-team');
  await dialog.getByRole('button', { name: 'Hand it over' }).click();
  await dialog.waitFor({ state: 'detached' });
  const heir = await person(mary);
  const hers = heir.page.getByRole('article', { name: 'Notes' });
  await hers.waitFor();
  assert.equal(await hers.getByText(team).count(), 0);
  assert.deepEqual([...owner.faults, ...heir.faults], []);
});

scenario(
  'a team is renamed, left by its first owner, and ended by the last one when nothing is left in it',
  async () => {
    const owner = await person(account);
    await open_team(owner.page, 'Settings');
    await owner.page.getByLabel('Name of the team').fill('Engines');
    await owner.page.getByRole('button', { name: 'Rename' }).click();
    await owner.page.getByRole('heading', { name: 'Engines', exact: true }).waitFor();
    await inspect_everywhere(owner.page, 'team-settings');
    await owner.page.getByRole('button', { name: 'Leave Engines' }).click();
    await owner.page.getByRole('button', { name: 'Leave the team' }).click();
    await owner.page.getByRole('heading', { name: 'You are in no team yet' }).waitFor();

    const last = await person(mary, '/teams');
    await last.page.getByRole('link', { name: 'Engines' }).click();
    await last.page.getByRole('link', { name: 'Settings', exact: true }).click();
    assert.ok(await last.page.getByRole('button', { name: 'Leave Engines' }).isDisabled());
    const end = async () => {
      await last.page.getByRole('button', { name: 'End the team…' }).click();
      await last.page.getByLabel('Type its name to confirm').fill('Engines');
      await last.page.getByRole('button', { name: 'End the team', exact: true }).click();
    };
    await end();
    await last.page.getByRole('dialog').getByRole('alert').waitFor(); // it has a workspace
    await inspect(last.page, 'team-end-refused');
    await last.page.keyboard.press('Escape');
    const call = await sign_in_natively(stage.server.origin, mary);
    await call('DELETE', `workspaces/${await stop(mary, 'Difference')}`);
    await end();
    await last.page.getByRole('heading', { name: 'You are in no team yet' }).waitFor();
    assert.deepEqual([...owner.faults, ...last.faults], []);
  },
);
