// SPDX-License-Identifier: GPL-3.0-or-later
// Bars under the top bar: a lost connection with its next attempt, typing that this browser does not keep, the warning before
// an idle stop, and the others' place.
import { useEffect, useState } from 'react';
import { editors_start } from '../../model/roles';
import { Icon } from '../controls/icon';
import { useChanges } from '../application';
import { useMayChange, useSession } from './ide_context';
import { ImportBar } from './import_bar';
import { StorageBar } from './storage_bar';
import { rich } from '../controls/rich';
import { plural, t } from '../../model/translation';

/** The time now, renewed twice a second while `active`. */
function useSeconds(active: boolean): number {
  const [now, set_now] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return;
    const tick = () => set_now(Date.now());
    const first = setTimeout(tick, 0); // what was known before the bar showed is old
    const timer = setInterval(tick, 500);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [active]);
  return now;
}

export function ConnectionBars() {
  return (
    <>
      <ReconnectBar />
      <UnkeptBar />
      <IdleBar />
      <StorageBar />
      <ImportBar />
    </>
  );
}

function ReconnectBar() {
  const session = useSession();
  const { connection, documents } = session;
  useChanges(session);
  useChanges(connection);
  const away = connection.phase === 'waiting' || connection.phase === 'connecting';
  const lost = connection.was_connected && away && !session.starting; // what starts has a cover that says so
  const now = useSeconds(lost);
  if (!lost) return null;
  const wait = Math.max(0, Math.ceil(((connection.retry_at ?? now) - now) / 1000));
  return (
    <div className="bar warning" role="alert">
      <Icon name="warning" />
      <p>
        <strong>{t('Connection lost.')}</strong> {connection.reason}{' '}
        {offline_words(documents.unsent_places(), documents.keeps_nothing())}{' '}
        {connection.phase === 'connecting' || wait === 0 ? t('Trying now…') : t`Next try in ${wait} s.`}
      </p>
      <button
        type="button"
        className="button small"
        disabled={connection.phase === 'connecting'}
        onClick={connection.retry_now}
      >
        {t('Retry now')}
      </button>
    </div>
  );
}

/** What becomes of typing without a connection; told anew with each tick of the bar. */
function offline_words(places: number, keeps_nothing: boolean): string {
  if (keeps_nothing)
    return t(
      'Offline: go on typing, but keep this page open. This browser keeps no text of it, as private windows do.',
    );
  if (places === 0) return t('Go on typing: everything is kept and sent when it is back.');
  return plural(
    places,
    'Offline: your typing is kept in this browser ({n} change).',
    'Offline: your typing is kept in this browser ({n} changes).',
  );
}

/** Typing that could not be written to this browser's store; said once. */
function UnkeptBar() {
  const { documents } = useSession();
  useChanges(documents);
  if (!documents.unkept_news()) return null;
  return (
    <div className="bar warning" role="alert">
      <Icon name="warning" />
      <p>
        {rich(
          '{0} it has no room for it or does not allow it. Keep this page open until everything is saved.',
          <strong>{t('What you type can’t be kept in this browser:')}</strong>,
        )}
      </p>
      <button type="button" className="button small" onClick={() => documents.unkept_told()}>
        {t('Dismiss')}
      </button>
    </div>
  );
}

function IdleBar() {
  const session = useSession();
  const { idle } = session;
  const may_change = useMayChange();
  useChanges(idle);
  const now = useSeconds(idle.stops_at !== undefined);
  if (idle.stops_at === undefined || now > idle.stops_at + 5000) return null;
  const left = Math.max(0, Math.round((idle.stops_at - now) / 1000));
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <div className="bar warning" role="alert">
      <Icon name="warning" />
      <p>
        {idle.text} <strong className="clock">{clock}</strong>
      </p>
      <button
        type="button"
        className="button small primary"
        disabled={!may_change}
        title={may_change ? undefined : t(editors_start)}
        onClick={() => void session.stay()}
      >
        {t('Stay')}
      </button>
    </div>
  );
}
