// SPDX-License-Identifier: GPL-3.0-or-later
// A picture: as large as fits, or at a size that is chosen with buttons, keys or Ctrl and the wheel.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { base_name } from '../../../model/paths';
import { useFileChanges } from './file_changes';
import { ViewerBar, zoom_key, type Zoom } from './viewer_bar';
import { t } from '../../../model/translation';

const steps = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 16];

export function ImageView({ path, link }: { path: string; link: string }) {
  const name = base_name(path);
  const [size, set_size] = useState<{ width: number; height: number }>();
  // A picture that a program draws again is shown as it is now; under one address a browser would keep the first.
  const changes = useFileChanges(path);
  const [failed, set_failed] = useState(false);
  const [zoom, set_zoom] = useState<number>(); // undefined: fits
  const [fits, set_fits] = useState(1);
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = place.current;
    if (!element || !size) return;
    const measure = () => {
      const room = Math.min((element.clientWidth - 48) / size.width, (element.clientHeight - 48) / size.height);
      set_fits(Math.min(1, Math.max(0.01, room)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [size]);

  const shown = zoom ?? fits;
  const step = (by: 1 | -1) => {
    const next = by > 0 ? steps.find((one) => one > shown + 0.001) : steps.findLast((one) => one < shown - 0.001);
    if (next !== undefined) set_zoom(next);
  };
  const stepped = useRef(step);
  useEffect(() => {
    stepped.current = step;
  });
  useEffect(() => {
    // Not React's: those can't keep the browser from enlarging the page.
    const on_wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      stepped.current(event.deltaY < 0 ? 1 : -1);
    };
    const element = place.current;
    element?.addEventListener('wheel', on_wheel, { passive: false });
    return () => element?.removeEventListener('wheel', on_wheel);
  }, []);
  const zooming: Zoom = {
    scale: shown,
    by: step,
    fitted: zoom === undefined,
    fit: () => set_zoom(undefined),
    fit_words: t('As large as fits (0)'),
    own_size: () => set_zoom(1),
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (zoom_key(event.key, zooming)) event.preventDefault();
  };

  return (
    <div className="viewer">
      <ViewerBar
        path={path}
        link={link}
        words={failed ? t('This picture can’t be drawn.') : size ? `${size.width} × ${size.height} px` : t('Loading…')}
        zoom={zooming}
      />
      <div
        ref={place}
        className="image-view"
        tabIndex={0}
        role="group"
        aria-label={t`Picture ${name}`}
        onKeyDown={on_key}
      >
        <img
          src={changes === 0 ? link : `${link}&changed=${changes}`}
          alt={name}
          className={shown >= 2 ? 'large' : undefined}
          style={
            size ? { width: Math.max(1, size.width * shown), height: Math.max(1, size.height * shown) } : undefined
          }
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            set_failed(false);
            set_size({ width, height });
          }}
          onError={() => set_failed(true)}
        />
      </div>
    </div>
  );
}
