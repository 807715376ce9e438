// SPDX-License-Identifier: GPL-3.0-or-later
// The side panel in which all files are looked through: the fields above, what was found below.
import '../../../styles/search.css';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { looks_only } from '../../../model/roles';
import type { Search, SearchFields } from '../../../model/search';
import { useApplication, useChanges } from '../../application';
import { Icon, type IconName } from '../../controls/icon';
import { useMayChange, useSession } from '../ide_context';
import { useKeysOf, with_keys } from '../ide_keys';
import { SearchResults } from './search_results';
import { rich } from '../../controls/rich';
import { current_locale, message, plural, t } from '../../../model/translation';

const typing_pause = 300; // ms

const toggles = [
  ['match_case', 'Aa', message('Match case')],
  ['whole_word', 'ab', message('Whole words')],
  ['regex', '.*', message('Regular expression')],
] as const;

export function SearchPanel() {
  const { search } = useSession();
  useChanges(search);
  const { fields } = search;
  const keys_of = useKeysOf();
  const field = useRef<HTMLInputElement>(null);
  const [globs, set_globs] = useState(fields.include !== '' || fields.exclude !== '' || fields.ignored);
  useEffect(() => {
    if (search.wishes > 0) field.current?.select();
  }, [search, search.wishes]);
  const look = useLooking(search);
  const change = (some: Partial<SearchFields>, at_once = false) => {
    search.set(some);
    look(at_once);
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) look(true);
    else if (event.key === 'Escape' && search.state === 'running') search.stop();
    else return;
    event.preventDefault();
  };
  return (
    <section className="pane tree-pane search-pane" aria-label={t('Search')}>
      <SearchHeading search={search} look={look} />
      <div className="search-fields" onKeyDown={on_key}>
        <button
          type="button"
          className="icon-button search-twist"
          aria-label={t('Replace')}
          title={with_keys(t('Replace'), keys_of('replace_in_files'))}
          aria-expanded={fields.replacing}
          onClick={() => change({ replacing: !fields.replacing }, true)}
        >
          <Icon name="chevron" size={13} className={fields.replacing ? 'turn-down' : ''} />
        </button>
        <div className="search-column">
          <div className="search-field">
            <input
              ref={field}
              className="input"
              type="text"
              aria-label={t('Search in all files')}
              placeholder={t('Search')}
              spellCheck={false}
              autoComplete="off"
              maxLength={4096}
              value={fields.pattern}
              onChange={(event) => change({ pattern: event.target.value })}
            />
            {toggles.map(([name, sign, label]) => (
              <button
                key={name}
                type="button"
                className="icon-button find-toggle"
                aria-pressed={fields[name]}
                aria-label={t(label)}
                title={t(label)}
                onClick={() => change({ [name]: !fields[name] }, true)}
              >
                {sign}
              </button>
            ))}
          </div>
          {fields.replacing && <ReplaceField search={search} change={change} />}
          <button
            type="button"
            className="link-button search-more"
            aria-expanded={globs}
            onClick={() => set_globs(!globs)}
          >
            {t('Which files')}
          </button>
          {globs && (
            <>
              <GlobField
                label={t('Only in files')}
                example="src/**, *.ts"
                name="include"
                fields={fields}
                change={change}
              />
              <GlobField label={t('Not in files')} example="*.min.js" name="exclude" fields={fields} change={change} />
              <label className="switch search-ignored">
                <input
                  type="checkbox"
                  checked={fields.ignored}
                  onChange={(event) => change({ ignored: event.target.checked }, true)}
                />
                {t('Also hidden files and what .gitignore names')}
              </label>
            </>
          )}
        </div>
      </div>
      <SearchWords search={search} />
      <SearchResults search={search} />
    </section>
  );
}

/** Asks a moment after the last key, or at once. */
function useLooking(search: Search): (at_once: boolean) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (at_once) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void search.run(), at_once ? 0 : typing_pause);
  };
}

function SearchHeading({ search, look }: { search: Search; look: (at_once: boolean) => void }) {
  const any_open = search.files.some((file) => file.open);
  const button = (label: string, icon: IconName, run: () => void, disabled = false) => (
    <button type="button" className="icon-button" aria-label={label} title={label} disabled={disabled} onClick={run}>
      <Icon name={icon} />
    </button>
  );
  const nothing = search.files.length === 0;
  return (
    <div className="pane-heading">
      <h2>{t('Search')}</h2>
      <span className="spread" />
      {search.state === 'running'
        ? button(t('Stop searching'), 'stop', () => search.stop())
        : button(t('Search again'), 'reload', () => look(true), search.fields.pattern === '')}
      {button(
        any_open || nothing ? t('Close all files') : t('Open all files'),
        'collapse',
        () => search.open_all(!any_open),
        nothing,
      )}
      {button(t('Clear the search'), 'close', () => search.clear(), search.fields.pattern === '' && nothing)}
    </div>
  );
}

function GlobField({
  label,
  example,
  name,
  fields,
  change,
}: {
  label: string;
  example: string;
  name: 'include' | 'exclude';
  fields: SearchFields;
  change: (some: Partial<SearchFields>) => void;
}) {
  return (
    <label className="search-glob">
      <span className="muted">{label}</span>
      <input
        className="input"
        type="text"
        placeholder={example}
        spellCheck={false}
        autoComplete="off"
        value={fields[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </label>
  );
}

function ReplaceField({ search, change }: { search: Search; change: (some: Partial<SearchFields>) => void }) {
  const { notices } = useApplication();
  const may_change = useMayChange();
  const nothing = search.matches === 0 || search.state === 'running';
  const replace = () => {
    const { matches, files } = search;
    const many = t`${plural(matches, '{n} match', '{n} matches')} in ${plural(files.length, '{n} file', '{n} files')}`;
    search.replace().then(
      () => {
        const done = search.last_replacement;
        if (done) notices.show(t`Replaced ${many}.`, { action: undo_of(search, notices.problem.bind(notices)) });
      },
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  };
  return (
    <div className="search-field">
      <input
        className="input"
        type="text"
        aria-label={t('Replace with')}
        placeholder={t('Replace with')}
        spellCheck={false}
        autoComplete="off"
        value={search.fields.replacement}
        onChange={(event) => change({ replacement: event.target.value })}
      />
      <button
        type="button"
        className="icon-button"
        aria-label={t('Replace all')}
        title={may_change ? t('Replace all') : t(looks_only)}
        disabled={nothing || search.working || !may_change}
        onClick={replace}
      >
        <Icon name="replace" />
      </button>
    </div>
  );
}

export function undo_of(search: Search, problem: (text: string) => void): { label: string; run: () => void } {
  return {
    label: t('Undo'),
    run: () => void search.undo_replace().catch((error: unknown) => problem(sentence_of(error))),
  };
}

export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString(current_locale())} ${number === 1 ? one : many}`;
}

/** What came of it, in words. */
function SearchWords({ search }: { search: Search }) {
  const { notices } = useApplication();
  const { state, matches, files, cut, problem, problems, last_replacement } = search;
  const found = t`${plural(matches, '{n} match', '{n} matches')} in ${plural(files.length, '{n} file', '{n} files')}`;
  const words =
    state === 'idle'
      ? ''
      : state === 'running'
        ? matches > 0
          ? t`${found} so far…`
          : t('Looking…')
        : matches > 0
          ? `${found}${cut ? t('; there is more') : ''}`
          : problem
            ? ''
            : last_replacement
              ? ''
              : t('Nothing found.');
  return (
    <div className="search-words">
      {state === 'running' && <progress aria-label={t('Searching')} />}
      <p className="muted" role="status">
        {words}
      </p>
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      {last_replacement && (
        <p className="muted search-undo">
          {rich(
            '{0} replaced in {1}.',
            plural(last_replacement.matches, '{n} match was', '{n} matches were'),
            plural(last_replacement.files, '{n} file', '{n} files'),
          )}{' '}
          <button
            type="button"
            className="link-button"
            disabled={search.working}
            onClick={undo_of(search, notices.problem.bind(notices)).run}
          >
            {t('Undo the replacement')}
          </button>
        </p>
      )}
      {problems.length > 0 && (
        <ul className="form-problem" role="alert">
          {problems.slice(0, 20).map(({ path, reason }) => (
            <li key={path}>
              {path}: {reason}
            </li>
          ))}
          {problems.length > 20 && <li>{rich('and {0} more', problems.length - 20)}</li>}
        </ul>
      )}
    </div>
  );
}
