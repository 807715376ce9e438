// SPDX-License-Identifier: GPL-3.0-or-later
// What a team has of what it may have.
import { part_of } from '../../model/team_details';
import { readable_bytes } from '../../model/sizes';
import type { TeamUse } from '../../protocol/messages';
import { t } from '../../model/translation';

export function TeamUseLine({ use }: { use: TeamUse }) {
  const plain = (count: number) => String(count);
  return (
    <section className="team-use" aria-label={t('What the team has')}>
      <Meter label={t('Workspaces')} used={use.workspaces} most={use.most_workspaces} words={plain} />
      <Meter label={t('Running')} used={use.running} most={use.most_running} words={plain} />
      <Meter label={t('Stored versions')} used={use.stored_bytes} most={use.most_stored_bytes} words={readable_bytes} />
    </section>
  );
}

function Meter({
  label,
  used,
  most,
  words,
}: {
  label: string;
  used: number;
  most: number;
  words: (amount: number) => string;
}) {
  const part = part_of(used, most);
  const text = part === undefined ? words(used) : t`${words(used)} of ${words(most)}`;
  const level = part === undefined || part < 0.8 ? 'fine' : part < 1 ? 'near' : 'full';
  return (
    <div className={`storage-meter ${level}`}>
      <span className="name">{label}</span>
      {part !== undefined && (
        <div
          className="track"
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={most}
          aria-valuenow={Math.min(used, most)}
          aria-valuetext={text}
        >
          <span style={{ width: `${100 * part}%` }} />
        </div>
      )}
      <span className="words">{text}</span>
    </div>
  );
}
