// SPDX-License-Identifier: GPL-3.0-or-later
// A provider that lies as it is told to, in OpenID Connect and in GitHub's own way. Every address is answered at
// once; what its answers say is set by POST /control {…}, over what an honest one would say:
//   claims   over those of the ID token (null takes one away)      header  over the token's header
//   sign     "right", "wrong key", "none", "hmac"                  keys    "one", "none", "many", "garbage"
//   describe over the description                                  token   {status, body} instead of an answer
//   flood    bytes of an endless answer, slow: ms before an answer userinfo, user, emails: what those say
// GET /control says which codes were traded, and with what. Usage: node hostile_provider.mjs. Prints "ready PORT".
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const right = generateKeyPairSync('rsa', { modulusLength: 2048 });
const wrong = generateKeyPairSync('rsa', { modulusLength: 2048 });
const honest = { claims: {}, header: {}, sign: 'right', keys: 'one', describe: {}, userinfo: {}, user: {}, emails: [] };
let behaviour = { ...honest };
let issuer = '';
const flows = new Map(); // by code: what the authorization request said
const trades = [];

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function web_key(pair, kid) {
  return { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

function id_token(flow) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: flow.client_id,
    sub: 'somebody',
    nonce: flow.nonce,
    iat: now,
    exp: now + 300,
    email: 'somebody@example.org',
    email_verified: true,
    name: 'Somebody',
    ...behaviour.claims,
  };
  for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
  const algorithm = behaviour.sign === 'none' ? 'none' : behaviour.sign === 'hmac' ? 'HS256' : 'RS256';
  const text = `${part({ alg: algorithm, kid: 'one', ...behaviour.header })}.${part(claims)}`;
  if (behaviour.sign === 'none') return `${text}.`;
  if (behaviour.sign === 'hmac') {
    // The classic: the public key taken for a shared secret.
    const secret = right.publicKey.export({ format: 'pem', type: 'spki' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }
  const key = behaviour.sign === 'wrong key' ? wrong.privateKey : right.privateKey;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function key_set() {
  if (behaviour.keys === 'garbage') return { keys: 'none' };
  if (behaviour.keys === 'none') return { keys: [] };
  if (behaviour.keys === 'many') return { keys: Array.from({ length: 1000 }, (_, i) => web_key(right, `key ${i}`)) };
  return { keys: [web_key(right, 'one')] };
}

function authorize(url, response) {
  const asked = Object.fromEntries(url.searchParams);
  const code = randomUUID();
  flows.set(code, asked);
  const to = new URL(asked.redirect_uri);
  to.searchParams.set('code', code);
  to.searchParams.set('state', asked.state);
  if (behaviour.iss !== undefined) to.searchParams.set('iss', behaviour.iss);
  response.statusCode = 303;
  response.setHeader('Location', to.href);
  return undefined;
}

function trade(form, headers) {
  trades.push({ ...form, authorization: headers.authorization ?? '' });
  if (behaviour.token) return behaviour.token.body;
  const flow = flows.get(form.code);
  if (!flow) return { error: 'invalid_grant' };
  return { access_token: 'an access token', token_type: 'Bearer', id_token: id_token(flow) };
}

function answer(url, text, headers, response) {
  switch (url.pathname) {
    case '/.well-known/openid-configuration':
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/userinfo`,
        ...behaviour.describe,
      };
    case '/keys':
      return key_set();
    case '/authorize':
    case '/login/oauth/authorize':
      return authorize(url, response);
    case '/token':
    case '/login/oauth/access_token': {
      const traded = trade(Object.fromEntries(new URLSearchParams(text)), headers);
      if (url.pathname === '/token') response.statusCode = behaviour.token?.status ?? (traded.error ? 400 : 200);
      return traded;
    }
    case '/userinfo':
      return { sub: 'somebody', ...behaviour.userinfo };
    case '/api/v3/user':
      return { id: 4711, login: 'octo', name: null, ...behaviour.user };
    case '/api/v3/user/emails':
      return behaviour.emails;
    default:
      response.statusCode = 404;
      return {};
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  let text = '';
  for await (const piece of request) text += piece;
  response.setHeader('Content-Type', 'application/json');
  if (url.pathname === '/control') {
    if (request.method === 'POST') behaviour = { ...honest, ...JSON.parse(text) };
    if (request.method === 'POST') trades.length = 0;
    response.end(JSON.stringify({ trades }));
    return;
  }
  if (behaviour.flood && url.pathname !== '/authorize') {
    response.end(Buffer.alloc(behaviour.flood, ' '));
    return;
  }
  const body = answer(url, text, request.headers, response);
  response.end(body === undefined ? '' : JSON.stringify(body));
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://localhost:${server.address().port}`;
  console.log(`ready ${server.address().port}`);
});
process.on('SIGTERM', () => process.exit(0));
