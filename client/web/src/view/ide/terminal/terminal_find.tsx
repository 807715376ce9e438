// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for a text in what a terminal has shown.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from '../../controls/icon';
import { message, t } from '../../../model/translation';

export interface FindChoice {
  case_sensitive: boolean;
  regex: boolean;
  whole_word: boolean;
}
export interface Finder {
  /** Selects the next or the one before; false when there is none. */
  find(text: string, choice: FindChoice, forwards: boolean, typing: boolean): boolean;
  /** Tells how many there are, and which one is selected, from 0; -1 when there are too many to count. */
  on_found: (listener: (found: { at: number; count: number }) => void) => () => void;
  clear(): void;
}

const toggles = [
  ['case_sensitive', 'Aa', message('Match case')],
  ['whole_word', 'ab', message('Whole words')],
  ['regex', '.*', message('Regular expression')],
] as const;

export function TerminalFind({ finder, asked, on_close }: { finder: Finder; asked: number; on_close: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, set_text] = useState('');
  const [choice, set_choice] = useState<FindChoice>({ case_sensitive: false, regex: false, whole_word: false });
  const [found, set_found] = useState<{ at: number; count: number }>();
  useEffect(() => input.current?.select(), [asked]);
  useEffect(() => finder.on_found(set_found), [finder]);
  useEffect(() => () => finder.clear(), [finder]);
  useEffect(() => {
    if (text === '') finder.clear();
    else finder.find(text, choice, false, true);
  }, [finder, text, choice]);
  const step = (forwards: boolean) => text !== '' && finder.find(text, choice, forwards, false);
  const on_key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(event.shiftKey);
    else if (event.key === 'F3') step(!event.shiftKey);
    else if (event.key === 'Escape') on_close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words =
    text === '' || !found
      ? ''
      : found.count === 0
        ? t('Not found')
        : found.at < 0
          ? t`${found.count} found`
          : t`${found.at + 1} of ${found.count}`;
  return (
    <div className="find-bar" role="search" aria-label={t('Find in the terminal')} onKeyDown={on_key}>
      <input
        ref={input}
        className="input"
        autoFocus
        aria-label={t('Find')}
        placeholder={t('Find')}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => set_text(event.target.value)}
      />
      {toggles.map(([name, sign, label]) => (
        <button
          key={name}
          type="button"
          className="icon-button find-toggle"
          aria-pressed={choice[name]}
          aria-label={t(label)}
          title={t(label)}
          onClick={() => set_choice({ ...choice, [name]: !choice[name] })}
        >
          {sign}
        </button>
      ))}
      <span className={`find-count${found?.count === 0 && text !== '' ? ' none' : ''}`} role="status">
        {words}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={t('Find above')}
        title={t('Above (Enter)')}
        onClick={() => step(false)}
      >
        <Icon name="chevron" size={14} className="turn-up" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('Find below')}
        title={t('Below (Shift+Enter)')}
        onClick={() => step(true)}
      >
        <Icon name="chevron" size={14} className="turn-down" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('Close')}
        title={t('Close (Escape)')}
        onClick={on_close}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
