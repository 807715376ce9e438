// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Settings } from '../../protocol/messages';
import { useApplication } from '../application';
import { Problem } from '../controls/form';
import { SettingsForm } from '../pages/settings_form';
import { t } from '../../model/translation';

export function SettingsPart() {
  const { rest } = useApplication();
  const [settings, set_settings] = useState<Settings>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    rest.call('GetSettings').then(set_settings, (error: unknown) => set_problem(sentence_of(error)));
  }, [rest]);
  return (
    <>
      <Problem text={problem} />
      {settings ? <SettingsForm settings={settings} /> : !problem && <p className="muted">{t('Loading…')}</p>}
    </>
  );
}
