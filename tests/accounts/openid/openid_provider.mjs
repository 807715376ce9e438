// SPDX-License-Identifier: GPL-3.0-or-later
// A real OpenID provider (oidc-provider) whose pages click themselves: who signs in is said by the header X-Login.
// Usage: node openid_provider.mjs ALGORITHM (RS256, ES256, EdDSA). Prints "ready PORT".
//   POST /control/redirect {uri}                                where the client may come back to
//   POST /control/account  {id, email, email_verified, name}
//   POST /control/rotate                                        other keys from now on
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const algorithm = process.argv[2] ?? 'RS256';
const accounts = new Map();
const redirects = ['http://127.0.0.1:1/unused'];
let issuer = '';
let provider;
let keys;

function new_key() {
  const made =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  return { ...made.privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: algorithm };
}

function make_provider() {
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'berth',
        client_secret: 'a secret of the client: %&+',
        redirect_uris: redirects,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: algorithm,
      },
    ],
    jwks: { keys: [keys] },
    cookies: { keys: ['for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => accounts.has(id) && { accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) },
  });
}

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  const login = request.headers['x-login'] ?? '';
  if (login === 'refuse') {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' });
  } else if (details.prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: login } });
  } else {
    const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
    grant.addOIDCScope('openid email profile');
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  }
}

async function body_of(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? {} : JSON.parse(text);
}

async function control(request, response) {
  const body = await body_of(request);
  if (request.url === '/control/redirect') {
    redirects.push(body.uri);
    make_provider();
  } else if (request.url === '/control/account') {
    const { id, ...claims } = body;
    accounts.set(id, claims);
  } else if (request.url === '/control/rotate') {
    keys = new_key();
    make_provider();
  }
  response.end('{}');
}

const server = createServer((request, response) => {
  const answer = request.url.startsWith('/control/')
    ? control(request, response)
    : request.url.startsWith('/interaction/')
      ? interact(request, response)
      : provider.callback()(request, response);
  Promise.resolve(answer).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://localhost:${server.address().port}`;
  keys = new_key();
  make_provider();
  console.log(`ready ${server.address().port}`);
});
process.stdout.on('error', () => {}); // nobody need read on
process.on('SIGTERM', () => process.exit(0));
