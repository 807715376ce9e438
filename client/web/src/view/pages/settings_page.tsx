// SPDX-License-Identifier: GPL-3.0-or-later
// The server's settings, for administrators.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Settings } from '../../protocol/messages';
import { useApplication } from '../application';
import { Problem } from '../controls/form';
import { LoadingPage } from './plain_pages';
import { SettingsForm } from './settings_form';
import { TopBar } from './top_bar';

export function SettingsPage() {
  const { rest } = useApplication();
  const [settings, set_settings] = useState<Settings>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    document.title = 'Server settings · Berth';
    rest.call('GetSettings').then(set_settings, (error: unknown) => set_problem(sentence_of(error)));
  }, [rest]);
  return (
    <div className="page">
      <TopBar />
      <main className="content narrow">
        <div className="content-heading">
          <h1>Server settings</h1>
        </div>
        <Problem text={problem} />
        {settings ? <SettingsForm settings={settings} /> : !problem && <LoadingPage />}
      </main>
    </div>
  );
}
