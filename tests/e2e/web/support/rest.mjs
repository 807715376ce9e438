// SPDX-License-Identifier: GPL-3.0-or-later
// What comes before most tests, done without a page: setting the server up, signing in, making a workspace. (How pages do it is
// tested by python_workspace, screens, storage and workspaces.)
import assert from 'node:assert/strict';

async function request(origin, method, path, { headers, body } = {}) {
  const response = await fetch(`${origin}/api/v1/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

/** How a person calls routes: what they answer, {} where that is nothing. */
function caller(origin, headers) {
  return async (method, path, body) => {
    const response = await request(origin, method, path, { headers, body });
    return response.status === 204 ? {} : response.json();
  };
}

/** As a native client does: tokens in bodies, no cookies. Returns how that person calls routes. */
export async function sign_in_natively(origin, { email, password }) {
  const headers = { 'Berth-Client': 'native' };
  const signed_in = await request(origin, 'POST', 'auth/sign_in', { headers, body: { email, password } });
  headers.Authorization = `Bearer ${(await signed_in.json()).access_token}`;
  return caller(origin, headers);
}

/** Makes somebody's account, where registration is open. Returns how that person calls routes. */
export async function register_natively(origin, { name, email, password }) {
  const headers = { 'Berth-Client': 'native' };
  const made = await request(origin, 'POST', 'auth/register', { headers, body: { name, email, password } });
  headers.Authorization = `Bearer ${(await made.json()).access_token}`;
  return caller(origin, headers);
}

/** Makes the administrator's account where a server has none yet. */
export async function set_up_server(server, { name, email, password }) {
  const { setup_needed } = await (await request(server.origin, 'GET', 'server')).json();
  if (!setup_needed) return;
  const token = new URL(server.setup_link).searchParams.get('token');
  const headers = { 'Berth-Client': 'native' };
  await request(server.origin, 'POST', 'setup', { headers, body: { token, name, email, password } });
}

/** What a browser has after signing in at that origin (Playwright's `storageState`): its cookies, and what the page notes. */
export async function signed_in_browser(origin, { email, password }) {
  const answer = await request(origin, 'POST', 'auth/sign_in', {
    headers: { Origin: origin },
    body: { email, password },
  });
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair, ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const path = attributes.find((one) => one.startsWith('Path=')).slice('Path='.length);
    return {
      name: pair.slice(0, at),
      value: pair.slice(at + 1),
      domain: new URL(origin).hostname,
      path,
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Strict',
    };
  });
  assert.equal(cookies.length, 2, 'a cookie for calls and one to renew it');
  const { access_expires } = await answer.json();
  return {
    cookies,
    origins: [{ origin, localStorage: [{ name: 'berth.access_expires', value: `${access_expires}` }] }],
  };
}
