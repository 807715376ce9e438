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
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
