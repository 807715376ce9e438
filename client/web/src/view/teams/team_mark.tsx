// SPDX-License-Identifier: GPL-3.0-or-later
import { initials } from '../../model/presence';

/** A team among other things: square, where people are round. */
export function TeamMark({ name }: { name: string }) {
  return (
    <span className="template-mark team-mark" aria-hidden="true">
      {initials(name)}
    </span>
  );
}
