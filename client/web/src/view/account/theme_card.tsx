// SPDX-License-Identifier: GPL-3.0-or-later
// Light, dark, or as the system has it.
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';

const themes = [
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
  ['system', 'System', 'system'],
] as const;

export function ThemeCard() {
  const { preferences } = useApplication();
  useChanges(preferences);
  return (
    <section className="card panel-card">
      <h2>Theme</h2>
      <p>The same wherever you sign in.</p>
      <div className="theme-choice" role="radiogroup" aria-label="Theme">
        {themes.map(([choice, label, icon]) => (
          <label key={choice}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === choice}
              onChange={() => preferences.set_theme(choice)}
            />
            <Icon name={icon} size={14} /> {label}
          </label>
        ))}
      </div>
    </section>
  );
}
