// SPDX-License-Identifier: GPL-3.0-or-later
export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/berth.svg" width={size} height={size} alt="" />;
}
