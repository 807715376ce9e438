// SPDX-License-Identifier: GPL-3.0-or-later
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import german from '../translations/de.json';
import { rich } from '../view/controls/rich';
import { shown_keys } from './key_chord';
import { role_words } from './roles';
import { setting_table } from './settings';
import { readable_bytes } from './sizes';
import { state_word, state_words } from './state_words';
import { language_of_browser, number, plural, shown_language, t, use_language, within } from './translation';

const person = 'Ada';

beforeEach(() => {
  vi.stubGlobal('navigator', { languages: ['en-US'] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  use_language('en', {});
});

describe('translation', () => {
  it('shows a text as it is where the language has no other', () => {
    use_language('de', {});
    expect(t('Save')).toBe('Save');
    expect(t`Follow ${person}`).toBe('Follow Ada');
  });

  it('puts values where the language has their places', () => {
    use_language('de', { 'Move {0} to {1}': 'Nach {1} verschieben: {0}' });
    expect(t`Move ${'a.txt'} to ${'src'}`).toBe('Nach src verschieben: a.txt');
    expect(t('Move {0} to {1}', '{1}', 'src')).toBe('Nach src verschieben: {1}'); // a value is never filled in itself
  });

  it('chooses the form for a number, which is written as the language has it', () => {
    use_language('de', german);
    expect(plural(1, '{n} file', '{n} files')).toBe('1 Datei');
    expect(plural(12_000, '{n} file', '{n} files')).toBe('12.000 Dateien');
    expect(plural(1, 'used once', 'used {n} times')).toBe('einmal benutzt');
    use_language('en', {});
    expect(plural(1, '{n} file', '{n} files')).toBe('1 file');
    expect(plural(0, '{n} file', '{n} files')).toBe('0 files');
  });

  it('writes amounts and keys in the language', () => {
    expect(readable_bytes(3_400_000)).toBe('3.4 MB');
    expect(shown_keys('ctrl+shift+p')).toBe('Ctrl+Shift+P');
    use_language('de', german);
    expect(readable_bytes(3_400_000)).toBe('3,4 MB');
    expect(number(50_000)).toBe('50.000');
    expect(shown_keys('ctrl+shift+p')).toBe('Strg+Umschalt+P');
    expect(t(setting_table['editor.tab_size'].title)).toBe('Tabulatorweite');
    expect(within(t('Owner'))).toBe('Eigentümer');
  });

  it('tells apart what one English word means, and shows nobody how', () => {
    expect(t('Home|folder')).toBe('Home');
    expect(t`${2} of ${'a|b'}|of pages`).toBe('2 of a|b');
    expect(t('a | b')).toBe('a | b');
    expect(shown_keys('ctrl+end')).toBe('Ctrl+End');
    expect(t(role_words.editor?.name)).toBe('Editor');
    for (const [state, word] of Object.entries(state_words)) expect(t(word)).toBe(state);
    use_language('de', german);
    expect([t('Home|folder'), t('Home')]).toEqual(['Persönlicher Ordner', 'Pos1']);
    expect([shown_keys('ctrl+end'), t('End')]).toEqual(['Strg+Ende', 'Beenden']);
    expect([shown_keys('delete'), t('Delete')]).toEqual(['Entf', 'Löschen']);
    expect([t(role_words.editor?.name), t('Editor')]).toEqual(['Bearbeiter', 'Editor']);
    expect([state_word('running'), state_word('frozen')]).toEqual(['läuft', 'frozen']);
    use_language('de', {}); // where the language has no word for it
    expect(t('Home|folder')).toBe('Home');
    expect(renderToStaticMarkup(createElement('p', null, rich('{0} of it|of a text', 'x')))).toBe('<p>x of it</p>');
  });

  it('sets elements into a sentence, and no markup of a value', () => {
    use_language('de', { '{0} belongs to {1}.': '{1} hat {0}.' });
    const shown = rich('{0} belongs to {1}.', createElement('b', null, 'x'), '<i>Ada</i>');
    expect(renderToStaticMarkup(createElement('p', null, shown))).toBe('<p>&lt;i&gt;Ada&lt;/i&gt; hat <b>x</b>.</p>');
  });

  it('takes the first of the browser’s languages that it knows', () => {
    expect(language_of_browser(['fr-CA', 'de-AT', 'en'])).toBe('de');
    expect(language_of_browser(['en-GB', 'de'])).toBe('en');
    expect(language_of_browser(['fr'])).toBe('en');
    expect(language_of_browser([])).toBe('en');
  });

  it('fetches the catalogue of a language that is chosen, and tells that it changed', async () => {
    const before = shown_language.revision();
    await shown_language.show('de');
    expect(shown_language.name).toBe('de');
    expect(shown_language.revision()).toBe(before + 1);
    expect(t('Cancel')).toBe('Abbrechen');
    await shown_language.show('de');
    expect(shown_language.revision()).toBe(before + 1);
    // The last choice holds, whichever catalogue comes first.
    await Promise.all([shown_language.show('en'), shown_language.show('de'), shown_language.show('en')]);
    expect(t('Cancel')).toBe('Cancel');
  });
});
