// SPDX-License-Identifier: GPL-3.0-or-later
// How pages look and which language they speak, the same wherever the person signs in.
import { theme_choices, theme_names } from '../../model/preferences';
import { setting_table } from '../../model/settings';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { t } from '../../model/translation';

const language = setting_table['workbench.language'];

export function ThemeCard() {
  const { preferences } = useApplication();
  useChanges(preferences);
  return (
    <section className="card panel-card">
      <h2>{t('Theme')}</h2>
      <p>{t('The same wherever you sign in.')}</p>
      <div className="theme-choice" role="radiogroup" aria-label={t('Theme')}>
        {theme_choices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === choice}
              onChange={() => preferences.set_theme(choice)}
            />
            <Icon name={choice === 'system' ? 'system' : choice.endsWith('dark') ? 'moon' : 'sun'} size={14} />{' '}
            {t(theme_names[choice])}
          </label>
        ))}
      </div>
      <h3>{t(language.title)}</h3>
      <div className="theme-choice" role="radiogroup" aria-label={t(language.title)}>
        {language.choices.map(([choice, name]) => (
          <label key={choice}>
            <input
              type="radio"
              name="language"
              checked={preferences.settings['workbench.language'] === choice}
              onChange={() => preferences.set('workbench.language', choice)}
            />
            {t(name)}
          </label>
        ))}
      </div>
    </section>
  );
}
