// SPDX-License-Identifier: GPL-3.0-or-later
// Light, dark, of high contrast, or as the system has it.
import { theme_choices, theme_names } from '../../model/preferences';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';

export function ThemeCard() {
  const { preferences } = useApplication();
  useChanges(preferences);
  return (
    <section className="card panel-card">
      <h2>Theme</h2>
      <p>The same wherever you sign in.</p>
      <div className="theme-choice" role="radiogroup" aria-label="Theme">
        {theme_choices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === choice}
              onChange={() => preferences.set_theme(choice)}
            />
            <Icon name={choice === 'system' ? 'system' : choice.endsWith('dark') ? 'moon' : 'sun'} size={14} />{' '}
            {theme_names[choice]}
          </label>
        ))}
      </div>
    </section>
  );
}
