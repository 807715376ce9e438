// SPDX-License-Identifier: GPL-3.0-or-later
// The frame itself, as large as the pane or as a device; and what the page in it tells.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Preview } from '../../../model/preview';
import { least_side, most_side, scale_in, size_of, turned, type Size } from '../../../model/preview_device';
import { t } from '../../../model/translation';
import { Icon } from '../../controls/icon';

const edge = 16; // px around a device, as in preview.css

export function PreviewFrame({ preview }: { preview: Preview }) {
  const place = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [room, set_room] = useState<Size>({ width: 400, height: 600 });
  const { device, console: page_console } = preview;
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      // Unseen it has no size, and keeps the one it had.
      if (element.clientWidth > 0)
        set_room({ width: element.clientWidth - 2 * edge, height: element.clientHeight - 2 * edge });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    // By its window: a sandboxed page has no origin to know it by, and no other window can speak for it.
    const on_message = ({ source, data }: MessageEvent<unknown>) => {
      if (source !== null && source === frame.current?.contentWindow) page_console.take(data);
    };
    addEventListener('message', on_message);
    return () => removeEventListener('message', on_message);
  }, [page_console]);
  const scale = device ? scale_in(device, room) : 1;
  return (
    <div ref={place} className={`preview-frame${device ? ' device' : ''}`}>
      <div
        className="preview-screen"
        style={device ? { width: device.width * scale, height: device.height * scale } : undefined}
      >
        <iframe
          ref={frame}
          key={preview.loads}
          title={t`Preview of port ${preview.port ?? ''}`}
          src={preview.url}
          allow="clipboard-read; clipboard-write; fullscreen"
          referrerPolicy="no-referrer"
          style={device ? { width: device.width, height: device.height, transform: `scale(${scale})` } : undefined}
        />
      </div>
    </div>
  );
}

/** The device's size, to be typed, and turned. */
export function DeviceBar({ preview, device }: { preview: Preview; device: Size }) {
  const set = (size: Size) => {
    const fitting = size_of(size);
    if (fitting) preview.set_device(fitting);
  };
  const side = (name: keyof Size, label: string) => (
    <input
      key={`${name}-${device[name]}`}
      className="input"
      type="number"
      aria-label={label}
      min={least_side}
      max={most_side}
      defaultValue={device[name]}
      onBlur={(event) => set({ ...device, [name]: Number(event.target.value) })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') set({ ...device, [name]: Number(event.currentTarget.value) });
      }}
    />
  );
  return (
    <div className="device-bar" role="group" aria-label={t('Size of a device')}>
      {side('width', t('Width of the preview'))}
      <span className="muted">×</span>
      {side('height', t('Height of the preview'))}
      <button
        type="button"
        className="icon-button"
        aria-label={t('Turn the device')}
        title={t('Turn')}
        onClick={() => set(turned(device))}
      >
        <Icon name="reload" size={14} />
      </button>
      <span className="spread" />
      <button
        type="button"
        className="icon-button"
        aria-label={t('As large as the pane')}
        title={t('As large as the pane')}
        onClick={() => preview.set_device(undefined)}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
