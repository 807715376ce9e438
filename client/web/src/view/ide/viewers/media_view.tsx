// SPDX-License-Identifier: GPL-3.0-or-later
// A sound or a film, with the browser's own controls; it is read in parts, as it plays.
import { useEffect, useState } from 'react';
import { base_name, parent_path } from '../../../model/paths';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';

/** Grows each time the file at `path` changed. */
export function useFileChanges(path: string): number {
  const { connection } = useSession();
  const [changes, set_changes] = useState(0);
  useEffect(
    () =>
      connection.on('file/changed', ({ path: folder, changes: some, overflow }) => {
        if (folder !== parent_path(path)) return;
        if (overflow || some.some(({ name }) => name === base_name(path))) set_changes((before) => before + 1);
      }),
    [connection, path],
  );
  return changes;
}

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
  const [words, set_words] = useState('Loading…');
  const [failed, set_failed] = useState(false);
  const again = () => {
    set_failed(false);
    set_words('Loading…');
    set_read(changes);
  };
  const parts = {
    src: link,
    controls: true,
    preload: 'metadata',
    'aria-label': `${kind === 'audio' ? 'Sound' : 'Film'} ${name}`,
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
    <div className="image-viewer">
      <div className="image-bar">
        <span className="muted" role="status">
          {failed ? 'This browser can’t play it.' : words}
        </span>
        <span className="spread" />
        {(changes > read || failed) && (
          <button type="button" className="button small" onClick={again}>
            {failed ? 'Try again' : 'It changed: load it again'}
          </button>
        )}
        <button type="button" className="button small plain" onClick={on_bytes}>
          Show bytes
        </button>
        <a className="icon-button" href={link} download={name} aria-label={`Download ${name}`} title="Download">
          <Icon name="download" size={14} />
        </a>
      </div>
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
