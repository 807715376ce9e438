// SPDX-License-Identifier: GPL-3.0-or-later
// What a person would complain about, measured: sideways scrolling, controls without names, text too faint to read.
import assert from 'node:assert/strict';
import { picture } from './browser.mjs';

/** A picture of a passing state (a bar, a dialog), and nothing to complain about in it. */
export async function inspect(page, name) {
  await page.evaluate(settled);
  await picture(page, name);
  assert.deepEqual(await complaints(page), [], name);
}

/** In the page: resolves once what changed is painted and no transition is under way. (A tab behind another is not painted.) */
export async function settled() {
  const at_most = (milliseconds, what) =>
    Promise.race([what, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
  const frame = () => at_most(1000, new Promise((resolve) => requestAnimationFrame(resolve)));
  const passing = () =>
    document
      .getAnimations()
      .filter((one) => one.playState === 'running' && one.effect?.getTiming().iterations !== Infinity);
  await frame();
  await frame();
  await at_most(2000, Promise.all(passing().map((one) => one.finished.catch(() => {})))); // or gone with its element
  // On a busy machine no frame may have come, and what changes still looks as before.
  for (const one of passing()) one.finish();
}

/** The page as the system's theme has it, once it follows. */
export async function in_theme(page, colorScheme) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // By time, not by frames: none may come for a page behind another.
  await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme, {
    polling: 100,
  });
  await page.evaluate(settled);
}

/** The same on a wide and a narrow window, light and dark; the page has to follow the system's theme. */
export async function inspect_everywhere(page, name) {
  const before = page.viewportSize();
  await page.bringToFront(); // nothing is painted elsewhere
  // Changing the theme is the most work: so it changes twice, not four times.
  for (const [size, viewport, themes] of [
    ['narrow', { width: 390, height: 800 }, ['light', 'dark']],
    ['wide', { width: 1440, height: 900 }, ['dark', 'light']],
  ]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of themes) {
      await in_theme(page, colorScheme);
      await inspect(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** A list of complaints about the page as it is now. */
export async function complaints(page) {
  await page.evaluate(settled);
  return page.evaluate(() => {
    const found = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth + 1)
      found.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth}`);

    const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const not_ours = '.monaco-editor, .xterm, iframe, .cover ~ *';
    for (const control of document.querySelectorAll('button, a[href], input:not([type=file])')) {
      if (!shown(control) || control.closest(not_ours)) continue;
      const name = control.getAttribute('aria-label') || control.textContent.trim() || control.labels?.[0]?.textContent;
      if (!name) found.push(`a control has no name: ${control.outerHTML.slice(0, 120)}`);
    }

    const parse = (colour) => {
      const srgb = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/.exec(colour);
      if (srgb) return [srgb[1] * 255, srgb[2] * 255, srgb[3] * 255, Number(srgb[4] ?? 1)];
      const [r, g, b, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
    const ground_of = (element) => {
      const layers = [];
      for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !shown(element) || element.closest(not_ours)) continue;
      if (element.closest('.visually-hidden, :disabled, noscript, .faded, .textLayer')) continue;
      const style = getComputedStyle(element);
      const ground = ground_of(element);
      const [light, dark] = [luminance(over(parse(style.color), ground)), luminance(ground)].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      const size = parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.5 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      if (contrast < needed)
        found.push(`"${node.data.trim().slice(0, 40)}" has a contrast of ${contrast.toFixed(2)}, not ${needed}`);
    }
    return found;
  });
}
