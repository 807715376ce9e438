// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the bottom: connection and round trip, how safe the text is, where the cursor stands.
import type { ConnectionPhase } from '../../connection/workspace_connection';
import type { Document, SaveState } from '../../model/document';
import { looks_only } from '../../model/roles';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { editor_status, type Indentation } from './editor_status';
import { useMayChange, useSession } from './ide_context';
import { useKeysOf, with_keys } from './ide_keys';
import { rich } from '../controls/rich';
import { current_locale, type Message, message, t } from '../../model/translation';

const connection_words: Record<ConnectionPhase, Message> = {
  idle: message('Not connected'),
  connecting: message('Connecting…'),
  connected: message('Connected'),
  waiting: message('Reconnecting…'),
  stopped: message('Stopped'),
  ended: message('Ended|connection'),
};

export function StatusBar() {
  const session = useSession();
  const { connection, tabs, ports } = session;
  useChanges(connection);
  useChanges(tabs);
  useChanges(ports);
  const document = tabs.active?.preview ? undefined : tabs.active?.document;
  const round_trip = connection.round_trip;
  return (
    <footer className="status-bar">
      <span className={`connection-state ${connection.phase}`} title={t('Connection and round-trip time')}>
        {t(connection_words[connection.phase])}
        {connection.phase === 'connected' && round_trip !== undefined && (
          <span className="round-trip">
            {' '}
            {rich('{0} ms', round_trip < 10 ? round_trip.toFixed(1) : Math.round(round_trip))}
          </span>
        )}
      </span>
      {document && <SaveWord document={document} />}
      <StorageWord />
      <span className="spread" />
      {document && <DocumentFacts document={document} />}
    </footer>
  );
}

/** How safe the whole workspace is: what is stored survives the loss of its disk. */
function StorageWord() {
  const { storage, history } = useSession();
  useChanges(storage);
  const { now } = storage;
  if (!now) return null;
  const { progress, stored, problem } = now;
  const text = { stored: t('Stored ✓'), storing: t('Storing…'), waiting: t('Not stored') }[progress];
  const when =
    stored > 0 ? t`Last stored ${new Date(stored).toLocaleTimeString(current_locale())}.` : t('Nothing is stored yet.');
  return (
    <button
      type="button"
      className={`status-button storage-state ${progress}`}
      data-storage-state={progress}
      title={t`${problem} ${when} Click for the history.`.trim()}
      onClick={() => history.show()}
    >
      {progress === 'waiting' && <Icon name="warning" size={13} />} {text}
    </button>
  );
}

const save_words: Record<SaveState, { text: Message; title: Message | undefined }> = {
  typing: { text: message('Typing…'), title: message('Not yet confirmed by the workspace') },
  journalled: {
    text: message('Saved ✓ journalled'),
    title: message('Survives a crash of anything; the file is written within a second'),
  },
  on_disk: { text: message('Saved ✓ on disk'), title: message('The file holds this text') },
  conflict: { text: message('Changed elsewhere'), title: message('Choose which text to keep') },
  unsaved: { text: message('Not saved'), title: undefined },
};

const stored_word = {
  text: message('Saved ✓ stored'),
  title: message('In the history; survives the loss of the workspace’s disk'),
};

function SaveWord({ document }: { document: Document }) {
  useChanges(document);
  if (document.read_only) return <span className="save-state">{t('Read-only')}</span>;
  const state = document.save_state();
  const word = document.is_stored() ? stored_word : save_words[state];
  return (
    <span className={`save-state ${state}`} data-save-state={state} title={document.problem ?? t(word.title)}>
      {t(word.text)}
    </span>
  );
}

const encodings = {
  utf8: message('UTF-8'),
  utf8_bom: message('UTF-8 with BOM'),
  utf16le: message('UTF-16 LE'),
  utf16be: message('UTF-16 BE'),
  latin1: message('Latin-1'),
  windows1252: message('Windows-1252'),
  unknown: message('Unknown encoding'),
} as const;
const line_endings = { lf: message('LF'), crlf: message('CRLF'), mixed: message('Mixed line endings') } as const;

function DocumentFacts({ document }: { document: Document }) {
  const { notices } = useApplication();
  const { documents, pick } = useSession();
  const keys_of = useKeysOf();
  const may_change = useMayChange();
  useChanges(document);
  useChanges(editor_status);
  const convert = (to: Parameters<typeof documents.convert>[1]) => {
    documents.convert(document, to).catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  const choice = (label: string, chosen: boolean, to: Parameters<typeof convert>[0]): MenuEntry => ({
    kind: 'item',
    label,
    refused: may_change ? undefined : t(looks_only),
    ...(chosen ? { keys: '✓' } : {}),
    run: () => convert(to),
  });
  const heading = (text: string): MenuEntry => ({ kind: 'heading', text: may_change ? text : t(looks_only) });
  const ending_menu = (): MenuEntry[] => [
    heading(t('Line ending on disk')),
    choice('LF', document.line_ending === 'lf', { line_ending: 'lf' }),
    choice('CRLF', document.line_ending === 'crlf', { line_ending: 'crlf' }),
  ];
  const encoding_menu = (): MenuEntry[] => [
    heading(t('Write to disk as')),
    ...(['utf8', 'utf8_bom', 'utf16le', 'utf16be', 'latin1', 'windows1252'] as const).map((encoding) =>
      choice(t(encodings[encoding]), document.encoding === encoding, { encoding }),
    ),
  ];
  return (
    <>
      {document.conflict_copy && (
        <span className="save-state conflict" title={t`The other text is in ${document.conflict_copy}`}>
          <Icon name="warning" size={13} /> {rich('Copy kept: {0}', document.conflict_copy)}
        </span>
      )}
      <button
        type="button"
        className="status-button wide-only"
        title={with_keys(t('Go to a line'), keys_of('go_to_line'))}
        onClick={() => pick.line()}
      >
        {rich('Ln {0}, Col {1}', editor_status.line, editor_status.column)}
        {editor_status.selected > 0 && t` (${editor_status.selected} selected)`}
        {editor_status.cursors > 1 && t` ${editor_status.cursors} cursors`}
      </button>
      <IndentationButton />
      <MenuButton
        label={t`Line ending: ${t(line_endings[document.line_ending])}`}
        className="status-button wide-only"
        entries={ending_menu}
      >
        {t(line_endings[document.line_ending])}
      </MenuButton>
      <MenuButton
        label={t`Encoding: ${t(encodings[document.encoding])}`}
        className="status-button wide-only"
        entries={encoding_menu}
      >
        {t(encodings[document.encoding])}
      </MenuButton>
      <LanguageButton />
    </>
  );
}

/** How far a step of indentation goes in this text. */
function IndentationButton() {
  const { pick } = useSession();
  useChanges(editor_status);
  const { indentation, controls } = editor_status;
  if (!indentation || !controls) return null;
  const word = ({ spaces, size }: Indentation) => (spaces ? t`Spaces: ${size}` : t`Tab size: ${size}`);
  const choose = () =>
    pick.ask({
      label: t('Indentation of this text'),
      items: [true, false].flatMap((spaces) =>
        [2, 3, 4, 8].map((size) => ({
          label: word({ spaces, size }),
          detail: spaces ? '' : t('indents with tabs'),
          chosen: indentation.spaces === spaces && indentation.size === size,
          run: () => controls.choose_indentation({ spaces, size }),
        })),
      ),
    });
  return (
    <button type="button" className="status-button wide-only" title={t('Choose the indentation')} onClick={choose}>
      {word(indentation)}
    </button>
  );
}

function LanguageButton() {
  const { pick } = useSession();
  useChanges(editor_status);
  const { language, controls } = editor_status;
  const choose = () => {
    if (!controls) return;
    const items = controls.languages().map(({ id, name }) => ({
      label: name,
      chosen: name === language,
      run: () => controls.choose_language(id),
    }));
    const by_name = { label: t('By the file’s name'), run: () => controls.choose_language(undefined) };
    pick.ask({ label: t('Language of this text'), items: [by_name, ...items] });
  };
  return (
    <button type="button" className="status-button" title={t('Choose the language')} onClick={choose}>
      {language}
    </button>
  );
}
