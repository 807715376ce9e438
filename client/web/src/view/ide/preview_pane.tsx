// SPDX-License-Identifier: GPL-3.0-or-later
// The preview: a frame of another origin with an address bar, reload and a way out into a tab of its own.
import { useEffect, useState } from 'react';
import { useChanges } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { useSession } from './ide_context';

export function PreviewPane() {
  const session = useSession();
  const { preview, ports } = session;
  useChanges(preview);
  useChanges(ports);
  useEffect(() => preview.restore(), [preview]);
  return (
    <section className="pane preview-pane" aria-label="Preview">
      <PreviewBar />
      <div className="preview-body">
        {preview.state === 'shown' && (
          <iframe
            key={preview.loads}
            title={`Preview of port ${preview.port}`}
            src={preview.url}
            allow="clipboard-read; clipboard-write; fullscreen"
            referrerPolicy="no-referrer"
          />
        )}
        {preview.state === 'loading' && (
          <span className="spinner large" role="status" aria-label="Opening the preview" />
        )}
        {preview.state === 'failed' && (
          <div className="empty-state">
            <Icon name="warning" size={28} />
            <p>{preview.problem}</p>
            <button type="button" className="button" onClick={() => void preview.reload()}>
              Try again
            </button>
          </div>
        )}
        {preview.state === 'empty' && <EmptyPreview />}
      </div>
    </section>
  );
}

function EmptyPreview() {
  const { ports, preview, workspace } = useSession();
  return (
    <div className="empty-state">
      <Icon name="globe" size={32} />
      <h2>Nothing to preview yet</h2>
      <p>
        {ports.all.length > 0
          ? 'Choose what to look at:'
          : workspace?.run_command
            ? 'Press Run, or start a server in the terminal: it shows up here.'
            : 'Start a server in the terminal: it shows up here.'}
      </p>
      <div className="row">
        {ports.all.map(({ port, process }) => (
          <button key={port} type="button" className="button" onClick={() => void preview.go(port)}>
            :{port} {process && <span className="muted">{process}</span>}
          </button>
        ))}
      </div>
    </div>
  );
}

function PreviewBar() {
  const { preview, ports } = useSession();
  // What is being typed, for the address it was typed over.
  const [typed, set_typed] = useState<{ over: string; text: string }>();
  const text = typed?.over === preview.address ? typed.text : preview.address;
  const menu = (): MenuEntry[] => [
    { kind: 'heading', text: 'Listening ports' },
    ...ports.all.map(({ port, process }): MenuEntry => ({
      kind: 'item',
      label: `${port} ${process}`,
      ...(port === preview.port ? { keys: '✓' } : {}),
      run: () => void preview.go(port),
    })),
    ...(ports.all.length === 0 ? [{ kind: 'heading' as const, text: 'none yet' }] : []),
    { kind: 'separator' },
    {
      kind: 'item',
      label: preview.path_form ? 'Use the normal address' : 'Does not load? Try another way',
      icon: 'reload',
      disabled: preview.port === undefined,
      run: () => void preview.set_path_form(!preview.path_form),
    },
  ];
  return (
    <form
      className="preview-bar"
      onSubmit={(event) => {
        event.preventDefault();
        set_typed(undefined);
        void preview.go_to(text);
      }}
    >
      <button
        type="button"
        className="icon-button"
        aria-label="Reload preview"
        title="Reload"
        disabled={preview.port === undefined}
        onClick={() => void preview.reload()}
      >
        <Icon name="reload" />
      </button>
      <input
        className="input address"
        aria-label="Preview address"
        placeholder=":3000/path"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => set_typed({ over: preview.address, text: event.target.value })}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') set_typed(undefined);
        }}
      />
      <a
        className="icon-button"
        aria-label="Open preview in a new tab"
        title="Open in a new tab"
        aria-disabled={preview.port === undefined}
        href={preview.port === undefined ? undefined : preview.outside_address()}
        target="_blank"
        rel="noopener noreferrer"
      >
        <Icon name="external" />
      </a>
      <MenuButton label="Ports and more" entries={menu}>
        <Icon name="more" />
      </MenuButton>
    </form>
  );
}
