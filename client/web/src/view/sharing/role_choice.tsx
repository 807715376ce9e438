// SPDX-License-Identifier: GPL-3.0-or-later
import { role_words } from '../../model/roles';
import type { GivenRole } from '../../model/sharing';

const given: GivenRole[] = ['viewer', 'editor'];

/** What somebody may do; the owner's role is not given but handed over. */
export function RoleChoice({
  label,
  role,
  disabled = false,
  on_choose,
}: {
  label: string;
  role: GivenRole;
  disabled?: boolean;
  on_choose: (role: GivenRole) => void;
}) {
  return (
    <select
      className="input role-choice"
      aria-label={label}
      title={role_words[role]?.about}
      value={role}
      disabled={disabled}
      onChange={(event) => on_choose(event.target.value as GivenRole)}
    >
      {given.map((one) => (
        <option key={one} value={one}>
          {role_words[one]?.may}
        </option>
      ))}
    </select>
  );
}
