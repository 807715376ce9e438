// SPDX-License-Identifier: GPL-3.0-or-later
import { role_words } from '../../model/roles';
import type { Role } from '../../protocol/messages';
import { t } from '../../model/translation';

/** What roles can be given, and the words for them. */
export interface RoleSet<Given extends Role> {
  roles: readonly Given[];
  words: typeof role_words;
}

/** In a workspace: the owner's role is not given but handed over. */
export const workspace_roles: RoleSet<'viewer' | 'editor'> = { roles: ['viewer', 'editor'], words: role_words };

/** What somebody may do. */
export function RoleChoice<Given extends Role>({
  label,
  role,
  of: { roles, words },
  disabled = false,
  on_choose,
}: {
  label: string;
  role: Given;
  of: RoleSet<Given>;
  disabled?: boolean;
  on_choose: (role: Given) => void;
}) {
  return (
    <select
      className="input role-choice"
      aria-label={label}
      title={t(words[role]?.about)}
      value={role}
      disabled={disabled}
      onChange={(event) => on_choose(event.target.value as Given)}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(words[one]?.may)}
        </option>
      ))}
    </select>
  );
}
