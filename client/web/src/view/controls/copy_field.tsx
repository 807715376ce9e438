// SPDX-License-Identifier: GPL-3.0-or-later
// A text that the person takes elsewhere: an address, a secret that is shown once.
import { useEffect, useId, useRef, useState } from 'react';
import { Icon } from './icon';
import { t } from '../../model/translation';

/** `chosen`: it has the focus and is selected as it appears, so that it can be copied without a clipboard permission. */
export function CopyField({ label, text, chosen = false }: { label: string; text: string; chosen?: boolean }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [told, set_told] = useState('');
  useEffect(() => {
    if (chosen) input.current?.select();
  }, [chosen, text]);
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => set_told(''), 4000);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = () => {
    const by_hand = () => {
      input.current?.select();
      set_told(t('Press Ctrl+C to copy it.'));
    };
    // Browsers give no clipboard to pages without TLS (but for localhost).
    if (!navigator.clipboard) return by_hand();
    navigator.clipboard.writeText(text).then(() => set_told(t('Copied.')), by_hand);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="copy-field">
        <input
          ref={input}
          id={id}
          className="input"
          readOnly
          value={text}
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="button" onClick={copy} aria-label={t`Copy: ${label}`}>
          <Icon name={told === t('Copied.') ? 'check' : 'copy'} size={14} /> {t('Copy')}
        </button>
      </div>
      <span className="hint" role="status">
        {told}
      </span>
    </div>
  );
}
