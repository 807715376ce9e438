// SPDX-License-Identifier: GPL-3.0-or-later
// The account's pages: profile and taste, security, access tokens.
import '../../styles/account.css';
import { PageFrame } from '../pages/page_frame';
import { StorageCard } from '../pages/storage_card';
import { TerminalTasteCard } from '../pages/terminal_taste';
import { IdentitiesCard } from './identities_card';
import { PasswordCard } from './password_card';
import { ProfileCard } from './profile_card';
import { SecondFactorCard } from './second_factor_card';
import { SignInsCard } from './sign_ins_card';
import { ThemeCard } from './theme_card';
import { TokensCard } from './tokens_card';
import { message, type Message, t } from '../../model/translation';

export type AccountPart = 'profile' | 'security' | 'tokens';

const parts: { part: AccountPart; address: string; label: Message }[] = [
  { part: 'profile', address: '/account', label: message('Profile') },
  { part: 'security', address: '/account/security', label: message('Security') },
  { part: 'tokens', address: '/account/tokens', label: message('Access tokens') },
];

/** `problem`: why another way to sign in could not be connected. */
export default function AccountPage({ part, problem }: { part: AccountPart; problem: string }) {
  const label = t(parts.find((one) => one.part === part)?.label);
  return (
    <PageFrame
      title={t`${label} · Account`}
      heading={t('Account')}
      kind="narrow"
      parts_of={t('Account')}
      parts={parts.map((one) => ({ href: one.address, label: t(one.label), current: one.part === part }))}
    >
      {part === 'profile' && (
        <>
          <ProfileCard />
          <ThemeCard />
          <TerminalTasteCard />
          <StorageCard />
        </>
      )}
      {part === 'security' && (
        <>
          <PasswordCard />
          <SecondFactorCard />
          <IdentitiesCard problem={problem} />
          <SignInsCard />
        </>
      )}
      {part === 'tokens' && <TokensCard />}
    </PageFrame>
  );
}
