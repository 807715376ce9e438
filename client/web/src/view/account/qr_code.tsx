// SPDX-License-Identifier: GPL-3.0-or-later
// A QR code as a drawing: dark on light in both themes, for that is what cameras expect.
import { useMemo } from 'react';
import { drawing_of } from './qr_drawing';

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => drawing_of(text), [text]);
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      width={200}
      height={200}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
