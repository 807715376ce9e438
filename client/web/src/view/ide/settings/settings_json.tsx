// SPDX-License-Identifier: GPL-3.0-or-later
// The person's choices as one text, for those who would rather type, copy and compare.
import { useMemo, useState } from 'react';
import { settings_text, take_settings_text } from '../../../model/settings_text';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';
import { t } from '../../../model/translation';

export function SettingsJson() {
  const { preferences, notices } = useApplication();
  const { commands } = useSession();
  const revision = useChanges(preferences);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the text changes with the revision
  const now = useMemo(() => settings_text(preferences), [preferences, revision]);
  const [typed, set_typed] = useState<string>();
  const [problem, set_problem] = useState('');
  const save = () => {
    const wrong = take_settings_text(typed ?? now, preferences, new Set(commands.all().map(({ id }) => id)));
    set_problem(wrong ?? '');
    if (wrong !== undefined) return;
    set_typed(undefined);
    notices.show(t('The settings are saved.'));
  };
  return (
    <div className="settings-body settings-json">
      <p className="muted">{t('What you chose otherwise than usual. What the text leaves out is as usual.')}</p>
      <textarea
        className="input"
        aria-label={t('Settings as JSON')}
        aria-invalid={problem !== ''}
        spellCheck={false}
        value={typed ?? now}
        onChange={(event) => {
          set_typed(event.target.value);
          set_problem('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== undefined) event.stopPropagation(); // nothing typed goes by one key
        }}
      />
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <button type="button" className="button primary" disabled={typed === undefined} onClick={save}>
          {t('Save')}
        </button>
        <button
          type="button"
          className="button"
          disabled={typed === undefined}
          onClick={() => {
            set_typed(undefined);
            set_problem('');
          }}
        >
          {t('Throw away')}
        </button>
      </div>
    </div>
  );
}
