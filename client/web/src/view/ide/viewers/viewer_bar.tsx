// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above what is shown and no text: what it is, how large it is drawn, its bytes, a copy of it.
import type { ReactNode } from 'react';
import { base_name } from '../../../model/paths';
import { Icon } from '../../controls/icon';
import { t } from '../../../model/translation';

export interface Zoom {
  /** 1: its own size. */
  scale: number;
  by: (step: 1 | -1) => void;
  /** It is as large as fits, and becomes so again. */
  fitted: boolean;
  fit: () => void;
  fit_words: string;
  /** Where its own size can be chosen. */
  own_size?: () => void;
}

export function ViewerBar({
  path,
  link,
  words,
  zoom,
  again,
  on_bytes,
  children,
}: {
  path: string;
  link: string;
  words: string;
  zoom?: Zoom;
  /** What is shown is not what is there: reads it again. */
  again?: { label: string; run: () => void } | undefined;
  on_bytes?: () => void;
  /** Controls of this kind of file alone. */
  children?: ReactNode;
}) {
  const name = base_name(path);
  return (
    <div className="viewer-bar">
      <span className="muted viewer-words" role="status">
        {words}
      </span>
      <span className="spread" />
      {again && (
        <button type="button" className="button small" onClick={again.run}>
          {again.label}
        </button>
      )}
      {children}
      {zoom && <ZoomButtons zoom={zoom} />}
      {on_bytes && (
        <button type="button" className="button small plain" onClick={on_bytes}>
          {t('Show bytes')}
        </button>
      )}
      <a className="icon-button" href={link} download={name} aria-label={t`Download ${name}`} title={t('Download')}>
        <Icon name="download" size={14} />
      </a>
    </div>
  );
}

function ZoomButtons({ zoom: { scale, by, fitted, fit, fit_words, own_size } }: { zoom: Zoom }) {
  const percent = `${Math.round(scale * 100)} %`;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={t('Smaller')}
        title={t('Smaller (−)')}
        onClick={() => by(-1)}
      >
        <Icon name="minus" size={14} />
      </button>
      {own_size ? (
        <button
          type="button"
          className="button small plain zoom"
          title={t('Its own size (1)')}
          aria-label={t`Zoom ${percent}: show at its own size`}
          onClick={own_size}
        >
          {percent}
        </button>
      ) : (
        <span className="muted zoom">{percent}</span>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={t('Larger')}
        title={t('Larger (+)')}
        onClick={() => by(1)}
      >
        <Icon name="add" size={14} />
      </button>
      <button type="button" className="button small" aria-pressed={fitted} title={fit_words} onClick={fit}>
        {t('Fit')}
      </button>
    </>
  );
}

/** The keys of a viewer that has nothing to type into: + and −, 0 as large as fits, 1 its own size. Tells whether it was one of them. */
export function zoom_key(key: string, { by, fit, own_size }: Zoom): boolean {
  if (key === '+' || key === '=') by(1);
  else if (key === '-') by(-1);
  else if (key === '0') fit();
  else if (key === '1' && own_size) own_size();
  else return false;
  return true;
}
