// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider's sign-in brought back instead of somebody: the server's words for it, as sentences.
import { message, type Message, t } from '../../model/translation';

const sentences: Record<string, Message> = {
  denied: message('You did not agree there, so nothing was done. Try again, or take another way.'),
  expired: message('That took too long, or this browser did not begin it. Try again.'),
  disabled: message('This account is disabled. Ask the administrator.'),
  email_missing: message('The provider told no e-mail address of yours. Allow it there, or take another way.'),
  email_unverified: message('Your e-mail address is not verified there. Verify it with the provider, then try again.'),
  identity_taken: message('That account signs in to another account here already.'),
  limit: message('Too many sign-ins came from your network. Try again in a few minutes.'),
  provider_refused: message('The provider did not confirm who you are. Try again, or take another way.'),
  provider_unavailable: message(
    'The provider does not answer properly right now. Try again later, or take another way.',
  ),
  provider_unknown: message('This server does not know that provider any more. Take another way.'),
  registration_closed: message('There is no account for you here, and you can’t make one. Ask the administrator.'),
};

/** "" when there is nothing to tell. */
export function provider_problem(word: string | null | undefined): string {
  if (!word) return '';
  return Object.hasOwn(sentences, word) ? t(sentences[word]) : t('That did not work. Try again, or take another way.');
}
