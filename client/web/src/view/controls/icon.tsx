// SPDX-License-Identifier: GPL-3.0-or-later
// The icons: one stroke width, 24-unit grid, drawn for Berth.
const shapes = {
  add: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M9 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  collapse: 'M4 6h16M4 12h10M4 18h16M20 10l-3 2 3 2',
  commands: 'M4 5h16v14H4zM8 9.5l2.5 2.5L8 14.5M12.5 15H16',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  device: 'M7 3h10v18H7zM11 18h2',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  external: 'M14 5h5v5M19 5l-9 9M18 14v5H5V6h5',
  eye: 'M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5s-7-2-9.5-6.5M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  file_add: 'M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9 14h6',
  files: 'M8 3h7l4 4v10H8zM15 3v4h4M8 7H4v14h11v-4',
  folder: 'M3 6h6l2 2h10v11H3z',
  folder_add: 'M3 6h6l2 2h10v11H3zM12 10.5v5M9.5 13h5',
  folder_open: 'M3 19V6h6l2 2h8v3M3 19l3-8h16l-3 8z',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9S9 6 12 3',
  history: 'M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2',
  key: 'M14.5 9.5a4 4 0 1 0-3.2 4l1.7-1.7h2v-2h2V8h2V5h-3z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  minus: 'M5 12h14',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pencil: 'M4 20l1-5L16 4l4 4L9 19z',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.7-3.2 3.2-4.9 6.5-4.9s5.8 1.7 6.5 4.9M16 5.3a3.4 3.4 0 0 1 0 6.4M18 14.9c1.9.6 3.1 2.2 3.5 4.6',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  play: 'M7 4.5l12 7.5-12 7.5z',
  port: 'M8 4v5M16 4v5M6 9h12v3a6 6 0 0 1-12 0zM12 18v3',
  preview: 'M3 5h18v14H3zM3 9h18M6 7h.01',
  reload: 'M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4v5h-5',
  replace: 'M4 4h7v7H4zM13 13h7v7h-7zM14 5h3a2 2 0 0 1 2 2v3M16.5 8L19 10.5 21.5 8M10 19H7a2 2 0 0 1-2-2v-2',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M20 20l-4.9-4.9',
  settings:
    'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
  share:
    'M17 3.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M7 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M17 15.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M9.2 10.8l5.6-3.4M9.2 13.2l5.6 3.4',
  sign_out: 'M10 4H5v16h5M15 8l4 4-4 4M9 12h10',
  split: 'M3 5h18v14H3zM12 5v14',
  stop: 'M6 6h12v12H6z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  system: 'M3 4h18v12H3zM8 20h8M12 16v4',
  terminal: 'M3 5h18v14H3zM7 9.5l3 2.5-3 2.5M12.5 15H17',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  tree: 'M4 4h6v16H4zM14 4h6v16h-6z',
  undo: 'M8 6L4 10l4 4M4 10h10a6 6 0 0 1 0 12h-3',
  upload: 'M12 16V5M7 9l5-5 5 5M5 20h14',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 16, className = '' }: { name: IconName; size?: number; className?: string }) {
  const filled = name === 'play' || name === 'stop';
  return (
    <svg
      className={className ? `icon ${className}` : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
