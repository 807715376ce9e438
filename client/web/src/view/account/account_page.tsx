// SPDX-License-Identifier: GPL-3.0-or-later
// The account's pages: profile and taste, security, access tokens.
import { useEffect } from 'react';
import '../../styles/account.css';
import { StorageCard } from '../pages/storage_card';
import { TerminalTasteCard } from '../pages/terminal_taste';
import { TopBar } from '../pages/top_bar';
import { Link } from '../router';
import { IdentitiesCard } from './identities_card';
import { PasswordCard } from './password_card';
import { ProfileCard } from './profile_card';
import { SecondFactorCard } from './second_factor_card';
import { SignInsCard } from './sign_ins_card';
import { ThemeCard } from './theme_card';
import { TokensCard } from './tokens_card';

export type AccountPart = 'profile' | 'security' | 'tokens';

const parts: { part: AccountPart; address: string; label: string }[] = [
  { part: 'profile', address: '/account', label: 'Profile' },
  { part: 'security', address: '/account/security', label: 'Security' },
  { part: 'tokens', address: '/account/tokens', label: 'Access tokens' },
];

/** `problem`: why another way to sign in could not be connected. */
export default function AccountPage({ part, problem }: { part: AccountPart; problem: string }) {
  const { label = '' } = parts.find((one) => one.part === part) ?? {};
  useEffect(() => {
    document.title = `${label} · Account · Berth`;
  }, [label]);
  return (
    <div className="page">
      <TopBar />
      <main className="content narrow">
        <div className="content-heading">
          <h1>Account</h1>
        </div>
        <nav className="page-tabs" aria-label="Account">
          {parts.map((one) => (
            <Link key={one.part} href={one.address} aria-current={one.part === part ? 'page' : undefined}>
              {one.label}
            </Link>
          ))}
        </nav>
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
      </main>
    </div>
  );
}
