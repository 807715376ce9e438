// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above every signed-in page but the IDE's, and the account menu both share.
import { theme_choices, theme_names, type ThemeChoice } from '../../model/preferences';
import { useApplication, useChanges } from '../application';
import { sentence_of } from '../../connection/berth_error';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link, navigate, useAddress } from '../router';
import { Logo } from './logo';
import { message, t } from '../../model/translation';

const places = [
  { href: '/', label: message('Workspaces'), within: (path: string) => path === '/' },
  { href: '/teams', label: message('Teams'), within: (path: string) => path.startsWith('/teams') },
];

export function TopBar() {
  const { pathname } = useAddress();
  return (
    <header className="top-bar">
      <Link href="/" className="brand-link">
        <Logo />
        {t('Berth')}
      </Link>
      <nav className="top-places" aria-label="Berth">
        {places.map(({ href, label, within }) => (
          <Link key={href} href={href} aria-current={within(pathname) ? 'page' : undefined}>
            {t(label)}
          </Link>
        ))}
      </nav>
      <span className="spread" />
      <AccountMenu />
    </header>
  );
}

export function AccountMenu() {
  const application = useApplication();
  const { account, preferences, notices } = application;
  useChanges(preferences);
  const theme = (choice: ThemeChoice): MenuEntry => ({
    kind: 'item',
    label: t(theme_names[choice]),
    icon: choice === 'system' ? 'system' : choice.endsWith('dark') ? 'moon' : 'sun',
    ...(preferences.theme === choice ? { keys: '✓' } : {}),
    run: () => preferences.set_theme(choice),
  });
  const sign_out = () => {
    account.sign_out().catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  const entries = (): MenuEntry[] => [
    { kind: 'heading', text: account.account?.email ?? '' },
    { kind: 'item', label: t('Account'), icon: 'person', run: () => navigate('/account') },
    ...(account.account?.administrator
      ? [
          {
            kind: 'item' as const,
            label: t('Administration'),
            icon: 'settings' as const,
            run: () => navigate('/admin'),
          },
        ]
      : []),
    { kind: 'separator' },
    ...theme_choices.map(theme),
    { kind: 'separator' },
    { kind: 'item', label: t('Sign out'), icon: 'sign_out', run: sign_out },
  ];
  return (
    <MenuButton label={t('Account and theme')} entries={entries}>
      <Icon name="person" size={18} />
    </MenuButton>
  );
}
