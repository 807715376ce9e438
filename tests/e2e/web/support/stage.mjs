// SPDX-License-Identifier: GPL-3.0-or-later
// What a test file plays on: a berthd of its own, a browser, and a proxy between both where one is asked for.
import { after, before } from 'node:test';
import { start_server } from './berth_server.mjs';
import { account, create_workspace, launch, new_person, set_up, sign_in, workspace_ready } from './browser.mjs';
import { start_proxy } from './fault_proxy.mjs';

/**
 * Call once a file, before its scenarios; `server`, `browser` and `proxy` are there when they run and end after them.
 * `people`: whose workspaces are stopped at the end. `proxy`: pages reach berthd through one whose connections can be
 * killed.
 */
export function use_stage({ server_options = [], browser_options = {}, people = [account], proxy = false } = {}) {
  const stage = {
    /** Where pages are opened: the proxy's origin, or the server's. */
    get origin() {
      return stage.proxy?.origin ?? stage.server.origin;
    },
    /** A browser of a person's own. */
    person: (options) => new_person(stage.browser, options),
    /** The administrator's browser, in a new workspace: the first scene of most tests. */
    async new_workspace(template, name) {
      const person = await stage.person();
      return { ...person, id: await stage.first_workspace(person.page, template, name) };
    },
    /** The same on a page that is there already. */
    async first_workspace(page, template, name) {
      await set_up(page, stage.server, stage.origin);
      return create_workspace(page, template, name);
    },
    /** Another browser, signed in and in a workspace that is there; `origin` goes around the proxy. */
    async open_workspace(name, { origin = stage.origin, ...options } = {}) {
      const person = await stage.person(options);
      await stage.enter(person.page, name, origin);
      return person;
    },
    /** The same on a page that is there already. */
    async enter(page, name, origin = stage.origin) {
      await sign_in(page, origin);
      await page.getByRole('link', { name }).click();
      await workspace_ready(page);
    },
  };
  before(async () => {
    stage.server = await start_server(...server_options);
    if (proxy) stage.proxy = await start_proxy(stage.server.port);
    stage.browser = await launch(browser_options);
  });
  after(async () => {
    await stage.browser?.close();
    await stage.proxy?.stop();
    await stage.server?.stop(...people);
  });
  return stage;
}
