// SPDX-License-Identifier: GPL-3.0-or-later
// A sound or a film, with the browser's own controls; it is read in parts, as it plays.
import { useState } from 'react';
import { base_name } from '../../../model/paths';
import { Icon } from '../../controls/icon';
import { useFileChanges } from './file_changes';
import { ViewerBar } from './viewer_bar';
import { t } from '../../../model/translation';

function time_words(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export function MediaView({
  kind,
  path,
  link,
  on_bytes,
}: {
  kind: 'audio' | 'video';
  path: string;
  link: string;
  on_bytes: () => void;
}) {
  const name = base_name(path);
  const changes = useFileChanges(path);
  const [read, set_read] = useState(0);
  const [words, set_words] = useState(t('Loading…'));
  const [failed, set_failed] = useState(false);
  const again = () => {
    set_failed(false);
    set_words(t('Loading…'));
    set_read(changes);
  };
  const parts = {
    src: link,
    controls: true,
    preload: 'metadata',
    'aria-label': `${kind === 'audio' ? t('Sound') : t('Film')} ${name}`,
    onLoadedMetadata: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
      const { duration } = currentTarget;
      const size =
        currentTarget instanceof HTMLVideoElement && currentTarget.videoWidth > 0
          ? `${currentTarget.videoWidth} × ${currentTarget.videoHeight} px`
          : '';
      set_words([Number.isFinite(duration) ? time_words(duration) : '', size].filter(Boolean).join(' · '));
    },
    onError: () => set_failed(true),
  } as const;
  return (
    <div className="viewer">
      <ViewerBar
        path={path}
        link={link}
        words={failed ? t('This browser can’t play it.') : words}
        again={
          changes > read || failed
            ? { label: failed ? t('Try again') : t('It changed: load it again'), run: again }
            : undefined
        }
        on_bytes={on_bytes}
      />
      <div className={`media-view ${kind}`}>
        {failed ? (
          <Icon name="warning" size={32} />
        ) : kind === 'audio' ? (
          <audio key={read} {...parts} />
        ) : (
          <video key={read} playsInline {...parts} />
        )}
      </div>
    </div>
  );
}
