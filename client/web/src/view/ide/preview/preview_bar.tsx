// SPDX-License-Identifier: GPL-3.0-or-later
// Above a preview: reload, address, who may see the port, the device, what the page says, the way out, and the rest.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { port_words, type Access } from '../../../model/port_access';
import type { Preview } from '../../../model/preview';
import { devices } from '../../../model/preview_device';
import { is_owner, owners_only } from '../../../model/roles';
import { plural, t } from '../../../model/translation';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { MenuButton, type MenuEntry } from '../../controls/menu';
import { useRole, useSession } from '../ide_context';

export function PreviewBar({ preview }: { preview: Preview }) {
  const { previews, ports } = useSession();
  useChanges(preview);
  useChanges(preview.console);
  // What is being typed, for the address it was typed over.
  const [typed, set_typed] = useState<{ over: string; text: string }>();
  const text = typed?.over === preview.address ? typed.text : preview.address;
  const nothing = preview.port === undefined;
  const { errors } = preview.console;
  const menu = (): MenuEntry[] => [
    { kind: 'heading', text: t('Listening ports') },
    ...ports.all.map(({ port, process }): MenuEntry => ({
      kind: 'item',
      label: `${port} ${process}`,
      ...(port === preview.port ? { keys: '✓' } : {}),
      run: () => void preview.go(port),
    })),
    ...(ports.all.length === 0 ? [{ kind: 'heading' as const, text: t('none yet') }] : []),
    { kind: 'separator' },
    { kind: 'item', label: t('Another preview'), icon: 'add', run: () => void previews.add() },
    {
      kind: 'item',
      label: t('Close this preview'),
      icon: 'close',
      disabled: nothing && previews.all.length === 1,
      run: () => previews.close(preview),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      label: preview.path_form ? t('Use the normal address') : t('Does not load? Try another way'),
      icon: 'reload',
      disabled: nothing,
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
        aria-label={t('Reload preview')}
        title={t('Reload')}
        disabled={nothing}
        onClick={() => void preview.reload()}
      >
        <Icon name="reload" />
      </button>
      <input
        className="input address"
        aria-label={t('Preview address')}
        placeholder={t(':3000/path')}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => set_typed({ over: preview.address, text: event.target.value })}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') set_typed(undefined);
        }}
      />
      {preview.port !== undefined && <WhoSees port={preview.port} />}
      <MenuButton label={t('Size of a device')} entries={() => device_menu(preview)}>
        <Icon name="device" />
      </MenuButton>
      <button
        type="button"
        className={`icon-button page-console${errors > 0 ? ' bad' : ''}`}
        aria-label={
          errors > 0 ? plural(errors, 'Page console, {n} error', 'Page console, {n} errors') : t('Page console')
        }
        title={t('What the page says')}
        aria-pressed={previews.console_open}
        onClick={() => previews.set_console(!previews.console_open)}
      >
        <Icon name="commands" />
        {errors > 0 && <span className="count">{errors > 99 ? '99+' : errors}</span>}
      </button>
      <a
        className="icon-button"
        aria-label={t('Open preview in a new tab')}
        title={t('Open in a new tab')}
        aria-disabled={nothing}
        href={nothing ? undefined : preview.outside_address()}
        target="_blank"
        rel="noopener noreferrer"
      >
        <Icon name="external" />
      </a>
      <MenuButton label={t('Ports and more')} entries={menu}>
        <Icon name="more" />
      </MenuButton>
    </form>
  );
}

function device_menu(preview: Preview): MenuEntry[] {
  const { device } = preview;
  const item = (label: string, chosen: boolean, run: () => void): MenuEntry => ({
    kind: 'item',
    label,
    ...(chosen ? { keys: '✓' } : {}),
    run,
  });
  return [
    item(t('As large as the pane'), device === undefined, () => preview.set_device(undefined)),
    { kind: 'separator' },
    ...devices.map(({ name, width, height }) =>
      item(`${t(name)} · ${width} × ${height}`, device?.width === width && device.height === height, () =>
        preview.set_device({ width, height }),
      ),
    ),
  ];
}

const accesses: Access[] = ['private', 'people', 'public'];

function WhoSees({ port }: { port: number }) {
  const { port_access } = useSession();
  const { notices } = useApplication();
  const owns = is_owner(useRole());
  useChanges(port_access);
  useEffect(() => void port_access.load(), [port_access, port]);
  const now = port_access.of(port);
  const entries = (): MenuEntry[] => [
    { kind: 'heading', text: t`Who sees port ${port}` },
    ...accesses.map((access): MenuEntry => ({
      kind: 'item',
      label: t(port_words[access].about),
      ...(access === now ? { keys: '✓' } : {}),
      refused: owns ? undefined : t(owners_only),
      run: () => void port_access.set(port, access).catch((error: unknown) => notices.problem(sentence_of(error))),
    })),
  ];
  const name = port_access.known ? t(port_words[now].name) : '…';
  return (
    <MenuButton
      label={t`Who sees port ${port}: ${name}`}
      entries={entries}
      className={`icon-button port-access ${now}`}
    >
      <Icon name={now === 'public' ? 'globe' : now === 'people' ? 'people' : 'lock'} />
    </MenuButton>
  );
}
