// SPDX-License-Identifier: GPL-3.0-or-later
// The administrators' page: accounts, workspaces, load, audit log, templates, ways in and settings, each at an address of its
// own.
import { useState, type ReactNode } from 'react';
import '../../styles/admin.css';
import { Administration } from '../../model/administration';
import { useApplication } from '../application';
import { PageFrame } from '../pages/page_frame';
import { AccountsPart } from './accounts_part';
import { AuditPart } from './audit_part';
import { LoadPart } from './load_part';
import { ProvidersPart } from './providers_part';
import { SettingsPart } from './settings_part';
import { TemplatesPart } from './templates_part';
import { WorkspacesPart } from './workspaces_part';
import { message, t, type Message } from '../../model/translation';

export const admin_parts = {
  load: {
    title: message('Overview'),
    show: (administration: Administration) => <LoadPart administration={administration} />,
  },
  accounts: {
    title: message('Accounts'),
    show: (administration: Administration) => <AccountsPart administration={administration} />,
  },
  workspaces: {
    title: message('Workspaces'),
    show: (administration: Administration) => <WorkspacesPart administration={administration} />,
  },
  audit: {
    title: message('Audit log'),
    show: (administration: Administration) => <AuditPart administration={administration} />,
  },
  templates: {
    title: message('Templates'),
    show: (administration: Administration) => <TemplatesPart administration={administration} />,
  },
  providers: {
    title: message('Ways in'),
    show: (administration: Administration) => <ProvidersPart administration={administration} />,
  },
  settings: { title: message('Settings'), show: () => <SettingsPart /> },
} satisfies Record<string, { title: Message; show: (administration: Administration) => ReactNode }>;

export type AdminPart = keyof typeof admin_parts;

export default function AdminPage({ part }: { part: string }) {
  const { rest } = useApplication();
  const [administration] = useState(() => new Administration(rest));
  const shown = part in admin_parts ? admin_parts[part as AdminPart] : admin_parts.load;
  return (
    <PageFrame
      title={t`${t(shown.title)} · Administration`}
      heading={t('Administration')}
      kind="admin"
      parts_of={t('Administration')}
      parts={Object.entries(admin_parts).map(([name, { title }]) => ({
        href: `/admin/${name}`,
        label: t(title),
        current: admin_parts[name as AdminPart] === shown,
      }))}
    >
      {shown.show(administration)}
    </PageFrame>
  );
}
