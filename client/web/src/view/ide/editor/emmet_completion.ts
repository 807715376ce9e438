// SPDX-License-Identifier: GPL-3.0-or-later
// Emmet: "ul>li*3" becomes a list, "m10" a margin. The abbreviations are Emmet's own (a chunk that is fetched when the first one may
// stand there); here is where they are looked for and how they are offered.
import type * as monaco_api from 'monaco-editor/editor/editor.api.js';

const markup = ['html', 'handlebars', 'razor', 'php', 'twig', 'liquid', 'xml', 'javascript', 'typescript'];
const stylesheets = ['css', 'scss', 'less', 'sass'];
const longest = 500; // letters of a line that are looked at

// A plain word is one of these, or just a word.
const tags = new Set(
  (
    'a abbr address article aside audio b blockquote body br button canvas caption cite code col colgroup datalist dd details ' +
    'dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ' +
    'label legend li link main map mark menu meta meter nav noscript object ol optgroup option output p picture pre progress q s ' +
    'samp script section select small source span strong style sub summary sup svg table tbody td template textarea tfoot th ' +
    'thead time title tr track u ul var video wbr btn inp bq'
  ).split(' '),
);

/** Is the cursor where an element may stand: behind a tag, and in no script or style? */
export function markup_may_stand(before: string): boolean {
  const opened = before.lastIndexOf('<');
  if (opened > before.lastIndexOf('>') && /^<[a-z/!]/i.test(before.slice(opened))) return false;
  for (const name of ['script', 'style'])
    if (before.lastIndexOf(`<${name}`) > before.lastIndexOf(`</${name}`)) return false;
  return true;
}

/** Would a person mean this as an abbreviation, and not just write it? */
export function is_meant(abbreviation: string, kind: 'markup' | 'stylesheet'): boolean {
  if (kind === 'stylesheet') return /^[a-z@!$-][\w.:#%!+$-]*$/i.test(abbreviation) && /[a-z]/i.test(abbreviation);
  if (abbreviation === '!' || tags.has(abbreviation)) return true;
  // "well." and "e.g" are words; "p.note" and ".note" are not.
  if (/^[a-z][\w-]*[.:]?$/i.test(abbreviation)) return false;
  return /^[a-z.#([!][\s\S]*$/i.test(abbreviation) && /[>+*^.#[{(:]/.test(abbreviation);
}

export function register_emmet(monaco: typeof monaco_api, wanted: () => boolean): void {
  monaco.languages.registerCompletionItemProvider([...markup, ...stylesheets], {
    triggerCharacters: ['>', '+', '*', '.', '#', '!', ')', ']', '}', ':', '$', ...'0123456789'],
    async provideCompletionItems(model, position) {
      const nothing = { suggestions: [] };
      const language = model.getLanguageId();
      const script = language === 'javascript' || language === 'typescript';
      if (!wanted() || (script && !/\.[jt]sx$/i.test(model.uri.path))) return nothing;
      const line = model.getLineContent(position.lineNumber);
      const column = position.column - 1;
      if (column === 0 || column > longest) return nothing;
      const kind = stylesheets.includes(language) ? 'stylesheet' : 'markup';
      const before = model.getValueInRange({
        startLineNumber: Math.max(1, position.lineNumber - 300),
        startColumn: 1,
        endLineNumber: position.lineNumber,
        endColumn: position.column,
      });
      if (kind === 'stylesheet' ? !/[{};]|^\s*$/.test(before.slice(0, -1)) : !script && !markup_may_stand(before))
        return nothing;
      const emmet = await import('emmet').catch(() => undefined);
      if (!emmet) return nothing; // there is no connection now
      const { default: expand, extract } = emmet;
      const found = extract(line, column, { type: kind, lookAhead: false });
      if (!found || found.end !== column || !is_meant(found.abbreviation, kind)) return nothing;
      if (
        kind === 'stylesheet' &&
        line.slice(0, found.start).includes(':') &&
        !/[{;]\s*$/.test(line.slice(0, found.start))
      )
        return nothing; // a value
      const { abbreviation } = found;
      const syntax = kind === 'stylesheet' ? (language === 'sass' ? 'sass' : 'css') : script ? 'jsx' : language;
      const written = (field: (index: number, words: string) => string) =>
        expand(abbreviation, { type: kind, syntax, options: { 'output.field': field, 'output.indent': '\t' } });
      let text: string;
      let plain: string;
      try {
        text = written((index, words) => (words ? `\${${index}:${words}}` : `\${${index}}`));
        plain = written((_, words) => words);
      } catch {
        return nothing; // half an abbreviation
      }
      if (plain === abbreviation || plain === '') return nothing;
      return {
        incomplete: true, // the next letter makes another one
        suggestions: [
          {
            label: abbreviation,
            detail: 'Emmet',
            documentation: plain,
            kind: monaco.languages.CompletionItemKind.Snippet,
            insertText: text,
            insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
            filterText: abbreviation,
            sortText: '\u0000',
            preselect: true,
            range: {
              startLineNumber: position.lineNumber,
              startColumn: found.start + 1,
              endLineNumber: position.lineNumber,
              endColumn: position.column,
            },
          },
        ],
      };
    },
  });
}
