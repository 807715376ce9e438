// SPDX-License-Identifier: GPL-3.0-or-later
// Part of `npm run lint`: every text that a person reads goes through t(), rich(), plural() or message() of
// src/model/translation.ts, and every catalogue of src/translations has all of them and nothing else.
// `node build/check_translations.mjs --list de` prints what a catalogue lacks, as JSON to be filled in.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import ts from 'typescript';

/** Attributes whose strings people see or hear. */
const spoken = new Set(
  [
    'aria-label',
    'aria-description',
    'aria-valuetext',
    'label',
    'title',
    'placeholder',
    'hint',
    'question',
    'yes',
  ].concat(['heading', 'text', 'none', 'meanwhile', 'lead', 'alt', 'about', 'parts_of', 'words']),
);
/** Properties of menus', commands' and notices' entries. */
const spoken_properties = new Set(['label', 'title', 'about', 'hint', 'refused', 'text', 'keys']);
/** Names and signs that are the same in every language. */
const names = /^(Berth|GitHub|Google|OpenID Connect|English|Deutsch|JSON|UTF-8|Aa|ab|LF|CRLF|px|Monaco)$/;
/** What follows a text's last | is said to translators alone: model/translation.ts cuts it off. */
const context = /\|[a-z][a-z ]*$/;
const letters = /\p{L}{2}/u;

const root = join(import.meta.dirname, '..');
const problems = [];
const used = new Map(); // text → where; a plural's is its `other` form

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'testing' && entry.name !== 'protocol') yield* sources(path);
    } else if (/\.tsx?$/.test(path) && !/\.(test|d)\.ts$/.test(path)) yield path;
  }
}

function text_of(node) {
  if (!node) return undefined;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span, index) => `{${index}}${span.literal.text}`).join('');
  return undefined;
}

/** The literals that an expression may come out as. */
function* outcomes(node) {
  if (ts.isParenthesizedExpression(node)) yield* outcomes(node.expression);
  else if (ts.isConditionalExpression(node)) {
    yield* outcomes(node.whenTrue);
    yield* outcomes(node.whenFalse);
  } else if (ts.isBinaryExpression(node) && /^(\?\?|\|\||&&)$/.test(node.operatorToken.getText())) {
    yield* outcomes(node.right);
    if (node.operatorToken.getText() !== '&&') yield* outcomes(node.left);
  } else if (ts.isStringLiteral(node) || ts.isTemplateLiteral(node)) yield node;
}

function check(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const at = (node) =>
    `${path.slice(root.length + 1)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const take = (text, node) => {
    if (text === undefined) problems.push(`${at(node)}: what is translated has to stand there as a text`);
    else if (text.includes('(Ctrl+')) problems.push(`${at(node)}: names keys that may be bound anew: ${text}`);
    else if (text.includes('|') && !context.test(text))
      problems.push(`${at(node)}: what is said to translators behind a | is of small letters: ${text}`);
    else if (letters.test(text.replace(/\{\w\}/g, '')) && !names.test(text)) used.set(text, at(node));
  };
  const outside = (node) => {
    const text = text_of(node) ?? node.text;
    const words = text.replace(/\{\d\}|\bpx\b/g, ' ');
    if (letters.test(words) && !names.test(text.trim()) && !/^(https?:|\/|[a-z]+[-_.]\w)/.test(text.trim()))
      problems.push(`${at(node)}: is in no t(): ${text.trim().replace(/\s+/g, ' ')}`);
  };
  const visit = (node) => {
    if (ts.isJsxText(node)) outside(node);
    else if (ts.isJsxAttribute(node) && node.initializer && spoken.has(node.name.getText())) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value) for (const one of outcomes(value)) outside(one);
    } else if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) {
      for (const one of outcomes(node.expression)) outside(one);
    } else if (ts.isPropertyAssignment(node) && spoken_properties.has(node.name.getText())) {
      for (const one of outcomes(node.initializer)) if (/^\p{Lu}\p{Ll}|\p{L} \p{L}/u.test(text_of(one))) outside(one);
    } else if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 't') take(text_of(node.template), node);
    else if (ts.isCallExpression(node)) {
      const called = node.expression.getText();
      if (called === 'message' || called === 'rich') take(text_of(node.arguments[0]), node);
      else if (called === 't' && text_of(node.arguments[0]) !== undefined) take(text_of(node.arguments[0]), node);
      else if (called === 'plural') take(text_of(node.arguments[2]), node);
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'BerthError' && node.arguments?.[1]) {
      for (const one of outcomes(node.arguments[1])) outside(one); // it is shown to the person as it is
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

for (const path of sources(join(root, 'src')))
  if (!/model[\\/]translation\.ts$|controls[\\/]rich\.tsx$/.test(path)) check(path);

/** The places {0}, {1}, {n} of a text, in order of their names. */
const places = (text) => [...new Set(text.match(/\{\w\}/g) ?? [])].sort().join('');

const listed = process.argv[process.argv.indexOf('--list') + 1];
for (const file of readdirSync(join(root, 'src/translations'))) {
  const entries = JSON.parse(readFileSync(join(root, 'src/translations', file), 'utf8'));
  const missing = [...used.keys()].filter((text) => !(text in entries));
  if (process.argv.includes('--list')) {
    if (file === `${listed}.json`)
      process.stdout.write(`${JSON.stringify(Object.fromEntries(missing.map((text) => [text, ''])), null, 2)}\n`);
    continue;
  }
  for (const text of missing) problems.push(`${used.get(text)}: has no translation in ${file}: ${text}`);
  for (const [text, value] of Object.entries(entries)) {
    if (!used.has(text)) problems.push(`${file}: nothing shows this any more: ${text}`);
    for (const form of typeof value === 'string' ? [value] : Object.values(value)) {
      if (form.includes('|')) problems.push(`${file}: holds what is said to translators alone: ${text}`);
      if (!form) problems.push(`${file}: is empty: ${text}`);
      // A form for one thing may leave its number out.
      else if (places(form) !== places(text) && !(typeof value === 'object' && form === value.one))
        problems.push(`${file}: has other places than its text: ${text}`);
    }
  }
}
if (problems.length > 0 && !process.argv.includes('--list')) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
