// SPDX-License-Identifier: GPL-3.0-or-later
// A picture: as large as fits, or at a size that is chosen with buttons, keys or Ctrl and the wheel.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { base_name } from '../../../model/paths';
import { Icon } from '../../controls/icon';

const steps = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 16];

export function ImageView({ path, link }: { path: string; link: string }) {
  const name = base_name(path);
  const [size, set_size] = useState<{ width: number; height: number }>();
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
  const on_key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') step(1);
    else if (event.key === '-') step(-1);
    else if (event.key === '0') set_zoom(undefined);
    else if (event.key === '1') set_zoom(1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="image-viewer">
      <div className="image-bar">
        <span className="muted">
          {failed ? 'This picture can’t be drawn.' : size ? `${size.width} × ${size.height} px` : 'Loading…'}
        </span>
        <span className="spread" />
        <button type="button" className="icon-button" aria-label="Smaller" title="Smaller (−)" onClick={() => step(-1)}>
          <Icon name="minus" size={14} />
        </button>
        <button
          type="button"
          className="button small plain zoom"
          title="Its own size (1)"
          aria-label={`Zoom ${Math.round(shown * 100)} %: show at its own size`}
          onClick={() => set_zoom(1)}
        >
          {Math.round(shown * 100)} %
        </button>
        <button type="button" className="icon-button" aria-label="Larger" title="Larger (+)" onClick={() => step(1)}>
          <Icon name="add" size={14} />
        </button>
        <button
          type="button"
          className="button small"
          aria-pressed={zoom === undefined}
          title="As large as fits (0)"
          onClick={() => set_zoom(undefined)}
        >
          Fit
        </button>
        <a className="icon-button" href={link} download={name} aria-label={`Download ${name}`} title="Download">
          <Icon name="download" size={14} />
        </a>
      </div>
      <div
        ref={place}
        className="image-view"
        tabIndex={0}
        role="group"
        aria-label={`Picture ${name}`}
        onKeyDown={on_key}
      >
        <img
          src={link}
          alt={name}
          className={shown >= 2 ? 'large' : undefined}
          style={
            size ? { width: Math.max(1, size.width * shown), height: Math.max(1, size.height * shown) } : undefined
          }
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => set_size({ width, height })}
          onError={() => set_failed(true)}
        />
      </div>
    </div>
  );
}
