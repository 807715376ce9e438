// SPDX-License-Identifier: GPL-3.0-or-later
/* global document, localStorage, matchMedia */
// Sets the remembered theme before the first paint; a file of its own because the page's policy forbids inline scripts.
(function () {
  let choice = 'system';
  try {
    choice = localStorage.getItem('berth.theme') || 'system';
  } catch {
    // storage is off: follow the system
  }
  const asks = (query) => matchMedia(query).matches;
  const chosen = /^(contrast_)?(light|dark)$/.exec(choice);
  const dark = chosen ? chosen[2] === 'dark' : asks('(prefers-color-scheme: dark)');
  const contrast = chosen ? chosen[1] !== undefined : asks('(prefers-contrast: more)');
  const { dataset } = document.documentElement;
  dataset.theme = dark ? 'dark' : 'light';
  dataset.contrast = contrast ? 'high' : 'usual';
})();
