// SPDX-License-Identifier: GPL-3.0-or-later
// What the servers carry now, anew every few seconds.
import { useEffect } from 'react';
import type { Administration, SeenServer } from '../../model/administration';
import { readable_bytes } from '../../model/sizes';
import { state_word } from '../../model/state_words';
import { useChanges } from '../application';
import { Problem } from '../controls/form';
import { ago } from '../pages/workspace_words';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function LoadPart({ administration }: { administration: Administration }) {
  const { load } = administration;
  useChanges(load);
  useEffect(() => load.watch(), [load]);
  const { now, servers, problem } = load;
  const states = Object.entries(now?.workspaces ?? {});
  const windows = servers.reduce((sum, { load: { windows: open } }) => sum + open, 0);
  return (
    <>
      <Problem text={problem} />
      {!now && !problem && <p className="muted">{t('Loading…')}</p>}
      {now && (
        <ul className="figures" aria-label={t('Now')}>
          <Figure value={String(windows)} name={t('open windows')} />
          <Figure value={String(now.workspaces['running'] ?? 0)} name={t('running workspaces')} />
          <Figure value={String(states.reduce((sum, [, count]) => sum + count, 0))} name={t('workspaces')} />
          <Figure
            value={String(now.accounts)}
            name={now.disabled_accounts > 0 ? t`accounts, ${now.disabled_accounts} disabled` : t('accounts')}
          />
        </ul>
      )}
      {states.length > 0 && (
        <p className="muted state-line">
          {states.map(([state, count]) => (
            <span key={state} className={`pill ${state}`}>
              {count} {state_word(state)}
            </span>
          ))}
          <span>{rich('Workspaces run in: {0}', now?.backend)}</span>
        </p>
      )}
      {servers.map((server) => (
        <ServerCard key={server.load.id || server.load.address} server={server} of={servers.length} />
      ))}
    </>
  );
}

function Figure({ value, name }: { value: string; name: string }) {
  return (
    <li className="card">
      <strong>{value}</strong>
      <span className="muted">{name}</span>
    </li>
  );
}

function ServerCard({ server, of }: { server: SeenServer; of: number }) {
  const { load, rates, windows } = server;
  const used = load.machine_memory - load.machine_free;
  const facts: [string, string][] = [
    ['Windows', String(load.windows)],
    [t('Previews'), String(load.previews)],
    [t('Memory of berthd'), readable_bytes(load.memory)],
    [t('Memory of the machine'), t`${readable_bytes(used)} of ${readable_bytes(load.machine_memory)}`],
    [t('Load of the machine'), t`${load.machine_load.toFixed(2)} on ${load.processors} processors`],
    [t('Processor of berthd'), rates ? `${(rates.processor * 100).toFixed(0)} %` : '…'],
    [t('Requests'), rates ? t`${rates.requests.toFixed(1)} a second` : '…'],
    [t('Failed requests'), String(load.requests_failed)],
    [t('To windows'), rates ? t`${readable_bytes(rates.sent)} a second` : '…'],
    [t('From windows'), rates ? t`${readable_bytes(rates.received)} a second` : '…'],
  ];
  return (
    <section className="card panel-card" aria-label={t`Server ${load.address}`}>
      <h2>
        {load.address} {of > 1 && load.answers && <span className="tag">{t('answers you')}</span>}
      </h2>
      <p>{rich('Berth {0}, started {1}', load.release, ago(load.since))}</p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Sparkline values={windows} label={t('Open windows of the last minutes')} />
    </section>
  );
}

/** The course of a figure, from 0 to its most. */
function Sparkline({ values, label }: { values: number[]; label: string }) {
  if (values.length < 2) return null;
  const most = Math.max(1, ...values);
  const points = values.map((value, at) => `${(at / (values.length - 1)) * 100},${30 - (value / most) * 28}`);
  return (
    <svg className="sparkline" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
