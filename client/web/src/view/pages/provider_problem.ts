// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider's sign-in brought back instead of somebody: the server's words for it, as sentences.
const sentences: Record<string, string> = {
  denied: 'You did not agree there, so nothing was done. Try again, or take another way.',
  expired: 'That took too long, or this browser did not begin it. Try again.',
  disabled: 'This account is disabled. Ask the administrator.',
  email_missing: 'The provider told no e-mail address of yours. Allow it there, or take another way.',
  email_unverified: 'Your e-mail address is not verified there. Verify it with the provider, then try again.',
  identity_taken: 'That account signs in to another account here already.',
  limit: 'Too many sign-ins came from your network. Try again in a few minutes.',
  provider_refused: 'The provider did not confirm who you are. Try again, or take another way.',
  provider_unavailable: 'The provider does not answer properly right now. Try again later, or take another way.',
  provider_unknown: 'This server does not know that provider any more. Take another way.',
  registration_closed: 'There is no account for you here, and you can’t make one. Ask the administrator.',
};

/** "" when there is nothing to tell. */
export function provider_problem(word: string | null | undefined): string {
  if (!word) return '';
  return Object.hasOwn(sentences, word)
    ? (sentences[word] ?? '')
    : 'That did not work. Try again, or take another way.';
}
