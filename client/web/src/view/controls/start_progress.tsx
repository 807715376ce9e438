// SPDX-License-Identifier: GPL-3.0-or-later
// What a start has gone through and is at, with the time that each phase takes.
import { useEffect, useState } from 'react';
import { message, number, t, type Message } from '../../model/translation';
import type { StartPhase, StartStep } from '../../protocol/messages';
import { Icon } from './icon';

/** In the order in which a start usually comes to them. */
const phases: readonly { phase: StartPhase; name: Message; doing: Message }[] = [
  { phase: 'place', name: message('Place'), doing: message('Room is made for it') },
  { phase: 'image', name: message('Image'), doing: message('Its image is fetched') },
  { phase: 'files', name: message('Files'), doing: message('Its files are brought') },
  { phase: 'runner', name: message('Runner'), doing: message('Its runner starts') },
];

/** "0.4 s", "12 s", "2:05 min". */
export function took_words(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return t`${number(seconds, 1)} s`;
  if (seconds < 59.5) return t`${number(Math.round(seconds))} s`;
  const whole = Math.round(seconds);
  return t`${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/** `steps` as the server told them last; what is under way counts on from there. */
export function StartProgress({ steps, label }: { steps: readonly StartStep[]; label: string }) {
  const [told, set_told] = useState(steps);
  const [since, set_since] = useState(0); // ms
  if (told !== steps) {
    set_told(steps);
    set_since(0);
  }
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => set_since(performance.now() - begun), 250);
    return () => clearInterval(timer);
  }, [steps]);
  const doing = phases.find(({ phase }) => steps.some((step) => step.phase === phase && !step.done));
  return (
    <div className="start-progress">
      <ol aria-label={label}>
        {phases.map(({ phase, name }) => {
          const step = steps.find((one) => one.phase === phase);
          const state = !step ? 'to-come' : step.done ? 'done' : 'under-way';
          const took = step && step.took + (step.done ? 0 : since);
          return (
            <li key={phase} className={state} aria-current={state === 'under-way' ? 'step' : undefined}>
              <span className="mark" aria-hidden="true">
                {state === 'done' && <Icon name="check" size={12} />}
                {state === 'under-way' && <span className="spinner" />}
              </span>
              <span className="name">{t(name)}</span>
              <span className="time">{took === undefined ? '' : took_words(took)}</span>
            </li>
          );
        })}
      </ol>
      <p className="visually-hidden" role="status">
        {doing && t(doing.doing)}
      </p>
    </div>
  );
}
