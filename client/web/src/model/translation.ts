// SPDX-License-Identifier: GPL-3.0-or-later
// The words that people read, in their language. A text's English is its name: `t` looks it up in the catalogue of the
// language in use (src/translations), and what has no entry there is shown as it is. English itself needs none, so it is
// never fetched. build/translations.ts lists the texts of the source and finds those that are outside.
import { Observable } from './observable';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
export type LanguageChoice = Language | 'system';

/** By the English text; one with a number in it has a form for each of Intl.PluralRules' categories of the language. */
export type Catalogue = Readonly<Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>>;
/** What stands in a text's places {0}, {1}, … */
export type Shown = string | number;

const catalogues: Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>> = {
  de: () => import('../translations/de.json'),
};

let language: Language = 'en';
let catalogue: Catalogue = {};
let locale: string | undefined; // undefined: the browser's
let plural_rules = new Intl.PluralRules(language);

/** Which language is shown: everything is painted again when it changes. */
class ShownLanguage extends Observable {
  private wanted_: Language = 'en';

  get name(): Language {
    return language;
  }

  /** Fetches what it needs, and shows it; what can't be fetched leaves the language as it was. Never throws. */
  async show(choice: LanguageChoice): Promise<void> {
    const wanted = choice === 'system' ? language_of_browser() : choice;
    this.wanted_ = wanted;
    if (wanted === language) return;
    try {
      const loaded = wanted === 'en' ? {} : (await catalogues[wanted]()).default;
      if (this.wanted_ !== wanted) return; // somebody chose another one meanwhile
      use_language(wanted, loaded);
      this.changed();
    } catch {
      // The network is gone: the words stay as they are, and the next page asks again.
    }
  }
}

export const shown_language = new ShownLanguage();

export function use_language(name: Language, entries: Catalogue): void {
  language = name;
  catalogue = entries;
  plural_rules = new Intl.PluralRules(name);
  // A person in Vienna or London keeps their own way to write dates where the language is theirs.
  locale = browser_languages().find((tag) => tag.split('-')[0] === name) ?? name;
  if (globalThis.document) document.documentElement.lang = name;
}

/** The first of the browser's languages that there is a catalogue for. */
export function language_of_browser(tags: readonly string[] = browser_languages()): Language {
  for (const tag of tags) {
    const found = languages.find((name) => name === tag.split('-')[0]?.toLowerCase());
    if (found) return found;
  }
  return 'en';
}

/** For Intl and toLocaleString. */
export function current_locale(): string | undefined {
  return locale;
}

/** t('Save') or t`Delete ${name}?`: the text in the language in use. Where one English word has two meanings that other
 * languages tell apart, what follows the last | says which is meant, and is never shown: t('Home|folder'), t('Home'). */
export function t(text: string | Message | TemplateStringsArray | undefined, ...values: readonly Shown[]): string {
  if (text === undefined) return '';
  const name = Array.isArray(text) ? name_of(text as unknown as TemplateStringsArray) : (text as string);
  const found = catalogue[name];
  return filled(typeof found === 'string' ? found : english_of(name), values);
}

declare const untranslated: unique symbol;
/** A text that no language is known for yet: the compiler lets nothing but t() show it. */
export interface Message {
  readonly [untranslated]: true;
}

/** For tables of words outside functions. */
export function message(text: string): Message {
  return text as unknown as Message;
}

/** A name as it stands within a sentence: "an editor", but „ein Bearbeiter“ keeps its capital. */
export function within(name: string): string {
  return language === 'en' ? name.toLowerCase() : name;
}

/** plural(files, '{n} file', '{n} files'): the form for this number, which stands at {n} as the language writes it. */
export function plural(count: number, one: string, other: string, ...values: readonly Shown[]): string {
  const found = catalogue[other];
  const form = plural_rules.select(count);
  const own = typeof found === 'object' ? (found[form] ?? found.other) : found;
  const text = own ?? (count === 1 ? one : other);
  return filled(
    text.replaceAll('{n}', () => number(count)),
    values,
  );
}

/** 12,345 or 12.345. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The template's name in the catalogue: {0}, {1}, … for its values. */
function name_of(parts: TemplateStringsArray): string {
  return parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`);
}

/** Without what is said to translators alone. */
function english_of(name: string): string {
  return name.replace(/\|[a-z][a-z ]*$/, '');
}

function filled(text: string, values: readonly Shown[]): string {
  if (values.length === 0) return text;
  return text.replace(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

function browser_languages(): readonly string[] {
  return globalThis.navigator?.languages ?? [];
}
