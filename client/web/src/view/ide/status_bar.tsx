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

const connection_words: Record<ConnectionPhase, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Connected',
  waiting: 'Reconnecting…',
  stopped: 'Stopped',
  ended: 'Ended',
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
      <span className={`connection-state ${connection.phase}`} title="Connection and round-trip time">
        {connection_words[connection.phase]}
        {connection.phase === 'connected' && round_trip !== undefined && (
          <span className="round-trip"> {round_trip < 10 ? round_trip.toFixed(1) : Math.round(round_trip)} ms</span>
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
  const text = { stored: 'Stored ✓', storing: 'Storing…', waiting: 'Not stored' }[progress];
  const when = stored > 0 ? `Last stored ${new Date(stored).toLocaleTimeString()}.` : 'Nothing is stored yet.';
  return (
    <button
      type="button"
      className={`status-button storage-state ${progress}`}
      data-storage-state={progress}
      title={`${problem} ${when} Click for the history.`.trim()}
      onClick={() => history.show()}
    >
      {progress === 'waiting' && <Icon name="warning" size={13} />} {text}
    </button>
  );
}

const save_words: Record<SaveState, { text: string; title: string }> = {
  typing: { text: 'Typing…', title: 'Not yet confirmed by the workspace' },
  journalled: {
    text: 'Saved ✓ journalled',
    title: 'Survives a crash of anything; the file is written within a second',
  },
  on_disk: { text: 'Saved ✓ on disk', title: 'The file holds this text' },
  conflict: { text: 'Changed elsewhere', title: 'Choose which text to keep' },
  unsaved: { text: 'Not saved', title: '' },
};

const stored_word = { text: 'Saved ✓ stored', title: 'In the history; survives the loss of the workspace’s disk' };

function SaveWord({ document }: { document: Document }) {
  useChanges(document);
  if (document.read_only) return <span className="save-state">Read-only</span>;
  const state = document.save_state();
  const word = document.is_stored() ? stored_word : save_words[state];
  return (
    <span className={`save-state ${state}`} data-save-state={state} title={document.problem ?? word.title}>
      {word.text}
    </span>
  );
}

const encodings = {
  utf8: 'UTF-8',
  utf8_bom: 'UTF-8 with BOM',
  utf16le: 'UTF-16 LE',
  utf16be: 'UTF-16 BE',
  latin1: 'Latin-1',
  windows1252: 'Windows-1252',
  unknown: 'Unknown encoding',
} as const;
const line_endings = { lf: 'LF', crlf: 'CRLF', mixed: 'Mixed line endings' } as const;

function DocumentFacts({ document }: { document: Document }) {
  const { notices } = useApplication();
  const { documents, pick } = useSession();
  const may_change = useMayChange();
  useChanges(document);
  useChanges(editor_status);
  const convert = (to: Parameters<typeof documents.convert>[1]) => {
    documents.convert(document, to).catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  const choice = (label: string, chosen: boolean, to: Parameters<typeof convert>[0]): MenuEntry => ({
    kind: 'item',
    label,
    refused: may_change ? undefined : looks_only,
    ...(chosen ? { keys: '✓' } : {}),
    run: () => convert(to),
  });
  const heading = (text: string): MenuEntry => ({ kind: 'heading', text: may_change ? text : looks_only });
  const ending_menu = (): MenuEntry[] => [
    heading('Line ending on disk'),
    choice('LF', document.line_ending === 'lf', { line_ending: 'lf' }),
    choice('CRLF', document.line_ending === 'crlf', { line_ending: 'crlf' }),
  ];
  const encoding_menu = (): MenuEntry[] => [
    heading('Write to disk as'),
    ...(['utf8', 'utf8_bom', 'utf16le', 'utf16be', 'latin1', 'windows1252'] as const).map((encoding) =>
      choice(encodings[encoding], document.encoding === encoding, { encoding }),
    ),
  ];
  return (
    <>
      {document.conflict_copy && (
        <span className="save-state conflict" title={`The other text is in ${document.conflict_copy}`}>
          <Icon name="warning" size={13} /> Copy kept: {document.conflict_copy}
        </span>
      )}
      <button
        type="button"
        className="status-button wide-only"
        title="Go to a line (Ctrl+G)"
        onClick={() => pick.line()}
      >
        Ln {editor_status.line}, Col {editor_status.column}
        {editor_status.selected > 0 && ` (${editor_status.selected} selected)`}
        {editor_status.cursors > 1 && ` ${editor_status.cursors} cursors`}
      </button>
      <IndentationButton />
      <MenuButton
        label={`Line ending: ${line_endings[document.line_ending]}`}
        className="status-button wide-only"
        entries={ending_menu}
      >
        {line_endings[document.line_ending]}
      </MenuButton>
      <MenuButton
        label={`Encoding: ${encodings[document.encoding]}`}
        className="status-button wide-only"
        entries={encoding_menu}
      >
        {encodings[document.encoding]}
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
  const word = ({ spaces, size }: Indentation) => (spaces ? `Spaces: ${size}` : `Tab size: ${size}`);
  const choose = () =>
    pick.ask({
      label: 'Indentation of this text',
      items: [true, false].flatMap((spaces) =>
        [2, 3, 4, 8].map((size) => ({
          label: word({ spaces, size }),
          detail: spaces ? '' : 'indents with tabs',
          chosen: indentation.spaces === spaces && indentation.size === size,
          run: () => controls.choose_indentation({ spaces, size }),
        })),
      ),
    });
  return (
    <button type="button" className="status-button wide-only" title="Choose the indentation" onClick={choose}>
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
    const by_name = { label: 'By the file’s name', run: () => controls.choose_language(undefined) };
    pick.ask({ label: 'Language of this text', items: [by_name, ...items] });
  };
  return (
    <button type="button" className="status-button" title="Choose the language" onClick={choose}>
      {language}
    </button>
  );
}
