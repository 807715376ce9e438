// SPDX-License-Identifier: GPL-3.0-or-later
// Links on a screen: addresses in the text and OSC 8's hidden ones. Where the pointer is on one, its target shows.
import { WebLinksAddon } from '@xterm/addon-web-links';
import type { ILinkHandler, Terminal as Xterm } from '@xterm/xterm';
import { safe_link } from '../../../model/terminal_sequences';
import { t } from '../../../model/translation';

/** `place` gets the line that names the target. */
export function add_links(xterm: Xterm, place: HTMLElement, open: (address: string) => void): void {
  const target = document.createElement('div');
  target.className = 'link-target';
  const leave = () => target.remove();
  const handler: ILinkHandler = {
    activate: (_event, address) => {
      const safe = safe_link(address);
      leave();
      if (safe) open(safe);
    },
    hover: (_event, address) => {
      const safe = safe_link(address);
      target.textContent = safe ?? t`Not opened from a terminal: ${address.slice(0, 200)}`;
      place.append(target);
    },
    leave,
    allowNonHttpProtocols: true, // so that their target shows; only safe ones are opened
  };
  xterm.options.linkHandler = handler;
  xterm.loadAddon(new WebLinksAddon((_event, address) => open(address)));
}
