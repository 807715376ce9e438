// SPDX-License-Identifier: GPL-3.0-or-later
// What a test file plays on: a berthd of its own, a browser, and a proxy between both where one is asked for.
import { after, before } from 'node:test';
import { start_server } from './berth_server.mjs';
import { account, launch, new_person, workspace_ready } from './browser.mjs';
import { start_proxy } from './fault_proxy.mjs';
import { set_up_server, sign_in_natively, signed_in_browser } from './rest.mjs';

/**
 * Call once a file, before its scenarios; `server`, `browser` and `proxy` are there when they run and end after them.
 * `people`: whose workspaces are stopped at the end. `proxy`: pages reach berthd through one whose connections can be
 * killed.
 */
export function use_stage({ server_options = [], browser_options = {}, people = [account], proxy = false } = {}) {
  const ids = new Map(); // of workspaces, by their names
  const stage = {
    /** Where pages are opened: the proxy's origin, or the server's. */
    get origin() {
      return stage.proxy?.origin ?? stage.server.origin;
    },
    /** A browser of a person's own, who has not signed in yet. */
    person: (options) => new_person(stage.browser, options),
    /** A browser of the administrator's; `origin` goes around the proxy. */
    async administrator({ origin = stage.origin, ...options } = {}) {
      return stage.person({ ...options, storageState: await signed_in_browser(origin, account) });
    },
    /** A new workspace of the administrator, whose account is made where there is none yet; its id. No page is opened. */
    async make_workspace(template, name) {
      await set_up_server(stage.server, account);
      const call = await sign_in_natively(stage.server.origin, account);
      const { id } = await call('POST', 'workspaces', { name, template_id: template.toLowerCase() });
      ids.set(name, id);
      return id;
    },
    /** The administrator's browser, in a new workspace: the first scene of most tests. */
    async new_workspace(template, name) {
      const id = await stage.make_workspace(template, name);
      return { ...(await stage.open_workspace(name)), id };
    },
    /** The administrator's browser, at the workspaces. */
    async dashboard() {
      const person = await stage.administrator();
      await person.page.goto(`${stage.origin}/`);
      await person.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
      return person;
    },
    /** Another browser of the administrator's, in a workspace that is there; `origin` goes around the proxy. */
    async open_workspace(name, { origin = stage.origin, ...options } = {}) {
      const person = await stage.administrator({ origin, ...options });
      await stage.enter(person.page, name, origin);
      return person;
    },
    /** The same on the administrator's page that is there already. */
    async enter(page, name, origin = stage.origin) {
      if (!ids.has(name)) {
        const call = await sign_in_natively(stage.server.origin, account);
        for (const workspace of (await call('GET', 'workspaces')).workspaces) ids.set(workspace.name, workspace.id);
      }
      await page.goto(`${origin}/w/${ids.get(name)}`);
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
