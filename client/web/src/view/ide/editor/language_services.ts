// SPDX-License-Identifier: GPL-3.0-or-later
// What Monaco brings for JavaScript, TypeScript, JSON, CSS and HTML: completion, hovers, symbols, formatters, and faults of
// syntax. Each service is a worker of its own that is fetched with the first file of its language. What needs the project's packages
// to be known is left out: it would show errors about imports that a page cannot see.
import { cssDefaults, lessDefaults, scssDefaults } from 'monaco-editor/languages/features/css/register.js';
import 'monaco-editor/languages/features/html/register.js';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js';
import {
  javascriptDefaults,
  JsxEmit,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register.js';

type MakesWorker = () => Promise<{ default: new () => Worker }>;
const css: MakesWorker = () => import('monaco-editor/languages/features/css/css.worker.js?worker');
const html: MakesWorker = () => import('monaco-editor/languages/features/html/html.worker.js?worker');
const script: MakesWorker = () => import('monaco-editor/languages/features/typescript/ts.worker.js?worker');
const workers: Record<string, MakesWorker> = {
  css,
  scss: css,
  less: css,
  html,
  handlebars: html,
  razor: html,
  json: () => import('monaco-editor/languages/features/json/json.worker.js?worker'),
  javascript: script,
  typescript: script,
};

/** The worker of a service; undefined for the editor's own. */
export function language_worker(label: string): Promise<Worker> | undefined {
  const made = workers[label];
  return made?.().then(({ default: Made }) => new Made());
}

export function set_up_languages(): void {
  for (const defaults of [javascriptDefaults, typescriptDefaults]) {
    defaults.setDiagnosticsOptions({ noSemanticValidation: true, noSuggestionDiagnostics: true });
    defaults.setCompilerOptions({
      allowJs: true,
      allowNonTsExtensions: true,
      jsx: JsxEmit.Preserve,
      target: ScriptTarget.ESNext,
    });
  }
  // Comments are common in settings, and nothing is asked of schemas elsewhere. Its colours are json_language.ts's.
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: true,
    comments: 'ignore',
    trailingCommas: 'warning',
    enableSchemaRequest: false,
  });
  jsonDefaults.setModeConfiguration({ ...jsonDefaults.modeConfiguration, tokens: false });
  for (const defaults of [cssDefaults, scssDefaults, lessDefaults])
    defaults.setOptions({ ...defaults.options, lint: { emptyRules: 'ignore' } });
}
