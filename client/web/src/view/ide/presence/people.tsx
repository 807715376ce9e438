// SPDX-License-Identifier: GPL-3.0-or-later
// Who is here: avatars in the header with a menu each, the list of everybody, the bar and the frame while following.
import { useEffect, useRef, useState } from 'react';
import '../../../styles/presence.css';
import { base_name } from '../../../model/paths';
import { initials } from '../../../model/presence';
import { role_words } from '../../../model/roles';
import type { Participant } from '../../../protocol/messages';
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { MenuButton, type MenuEntry } from '../../controls/menu';
import { useSession } from '../ide_context';
import { rich } from '../../controls/rich';
import { t } from '../../../model/translation';

const most_avatars = 4;

/** "main.py", "in terminal bash", "away". */
function useWhere(): (who: Participant) => string {
  const { terminals } = useSession();
  useChanges(terminals);
  return (who) => {
    if (!who.connected) return 'away';
    const terminal = who.terminal === undefined ? undefined : terminals.find(who.terminal);
    const shell = terminal ? t`in terminal ${terminal.info.title || 'shell'}` : '';
    return [who.path === undefined ? '' : base_name(who.path), shell].filter(Boolean).join(', ') || t('looking around');
  };
}

function Avatar({ who }: { who: Participant }) {
  return (
    <span className={`avatar person-${who.colour}${who.connected ? '' : ' away'}`} aria-hidden="true">
      {initials(who.name)}
    </span>
  );
}

/** Avatars of the others and the way to the list; nothing while the person is alone. */
export function People() {
  const { presence } = useSession();
  useChanges(presence);
  const [open, set_open] = useState(false);
  const others = presence.others();
  if (others.length === 0) return null;
  return (
    <div className="people" role="group" aria-label={t('People')}>
      {others.slice(0, most_avatars).map((who) => (
        <PersonButton key={who.session} who={who} />
      ))}
      <button
        type="button"
        className="people-button"
        aria-label={t`People here: ${others.length + 1}`}
        title={t('People here')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => set_open(!open)}
      >
        <Icon name="person" size={16} />
        {others.length + 1}
      </button>
      {open && <PeoplePanel on_close={() => set_open(false)} />}
    </div>
  );
}

function PersonButton({ who }: { who: Participant }) {
  const { presence, follow } = useSession();
  const where = useWhere();
  const followed = presence.following === who.session;
  const label = presence.label(who);
  const entries = (): MenuEntry[] => [
    { kind: 'heading', text: `${label} · ${t(role_words[who.role]?.may)} · ${where(who)}` },
    followed
      ? { kind: 'item', label: t('Stop following'), icon: 'stop', run: () => presence.stop_following() }
      : {
          kind: 'item',
          label: t('Follow'),
          icon: 'person',
          disabled: !who.connected,
          run: () => follow.start(who.session),
        },
    {
      kind: 'item',
      label: t('Go to where they are'),
      icon: 'chevron',
      disabled: who.path === undefined && who.terminal === undefined,
      run: () => follow.jump(who.session),
    },
  ];
  const state = `${followed ? ' followed' : ''}${who.connected ? '' : ' away'}`;
  return (
    <MenuButton label={`${label}: ${where(who)}`} className={`avatar person-${who.colour}${state}`} entries={entries}>
      {initials(who.name)}
    </MenuButton>
  );
}

function PeoplePanel({ on_close }: { on_close: () => void }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    const outside = (event: Event) => {
      const target = event.target as Element;
      if (!panel.current?.contains(target) && !target.closest('.people-button')) on_close();
    };
    addEventListener('pointerdown', outside, true);
    return () => {
      removeEventListener('pointerdown', outside, true);
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, [on_close]);
  return (
    <div
      ref={panel}
      className="people-panel"
      role="dialog"
      aria-label={t('People here')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        on_close();
      }}
    >
      <h2>{t('People here')}</h2>
      <PeopleList on_close={on_close} />
    </div>
  );
}

/** Everybody, with what can be done about them; `on_close` is called when something was. */
export function PeopleList({ on_close }: { on_close: () => void }) {
  const { presence } = useSession();
  useChanges(presence);
  return (
    <ul className="people-list">
      {presence.all().map((who) => (
        <Person key={who.session} who={who} on_close={on_close} />
      ))}
    </ul>
  );
}

function Person({ who, on_close }: { who: Participant; on_close: () => void }) {
  const { presence, follow, connection } = useSession();
  const where = useWhere();
  const self = presence.is_self(who);
  const follows_me = who.following !== undefined && who.following === connection.hello?.session;
  const followed = presence.following === who.session;
  return (
    <li>
      <Avatar who={who} />
      <span className="person-text">
        <span>{presence.label(who)}</span>
        <span className="where">
          {[t(role_words[who.role]?.may), self ? '' : where(who), follows_me ? t('follows you') : '']
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {!self && (
        <span className="row">
          <button
            type="button"
            className="button small"
            disabled={who.path === undefined && who.terminal === undefined}
            aria-label={t`Go to ${presence.label(who)}`}
            onClick={() => {
              on_close();
              follow.jump(who.session);
            }}
          >
            {t('Go to')}
          </button>
          <button
            type="button"
            className="button small"
            aria-pressed={followed}
            disabled={!who.connected && !followed}
            aria-label={t`Follow ${presence.label(who)}`}
            onClick={() => {
              on_close();
              if (followed) presence.stop_following();
              else follow.start(who.session);
            }}
          >
            {followed ? t('Stop') : t('Follow')}
          </button>
        </span>
      )}
    </li>
  );
}

/** The bar that says whose view this is, and how to leave it; Escape leaves it from anywhere. */
export function FollowBar() {
  const { presence } = useSession();
  useChanges(presence);
  const where = useWhere();
  const { following } = presence;
  useEffect(() => {
    if (following === undefined) return;
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') presence.stop_following();
    };
    addEventListener('keydown', escape, true);
    return () => removeEventListener('keydown', escape, true);
  }, [presence, following]);
  const who = following === undefined ? undefined : presence.find(following);
  if (!who) return null;
  return (
    <div className={`bar follow-bar person-${who.colour}`} role="status">
      <p>{rich('Following {0} · {1}', <strong>{presence.label(who)}</strong>, where(who))}</p>
      <button type="button" className="button small" onClick={() => presence.stop_following()}>
        {t('Stop')}
      </button>
    </div>
  );
}

export function FollowFrame() {
  const { presence } = useSession();
  useChanges(presence);
  const who = presence.following === undefined ? undefined : presence.find(presence.following);
  return who ? <div className={`follow-frame person-${who.colour}`} aria-hidden="true" /> : null;
}

/** Tells the others which terminal shows here, while the terminals do. */
export function TerminalPlace() {
  const { presence, terminals } = useSession();
  useChanges(terminals);
  const shown = terminals.active?.info.terminal;
  useEffect(() => {
    presence.look_at_terminal(shown);
    return () => presence.look_at_terminal(undefined);
  }, [presence, shown]);
  return null;
}
