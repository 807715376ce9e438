// SPDX-License-Identifier: GPL-3.0-or-later
// The server's settings, for administrators.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Settings } from '../../protocol/messages';
import { useApplication } from '../application';
import { Problem } from '../controls/form';
import { PageFrame } from './page_frame';
import { LoadingPage } from './plain_pages';
import { SettingsForm } from './settings_form';
import { t } from '../../model/translation';

export function SettingsPage() {
  const { rest } = useApplication();
  const [settings, set_settings] = useState<Settings>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    rest.call('GetSettings').then(set_settings, (error: unknown) => set_problem(sentence_of(error)));
  }, [rest]);
  return (
    <PageFrame title={t('Server settings')} heading={t('Server settings')} kind="narrow">
      <Problem text={problem} />
      {settings ? <SettingsForm settings={settings} /> : !problem && <LoadingPage />}
    </PageFrame>
  );
}
