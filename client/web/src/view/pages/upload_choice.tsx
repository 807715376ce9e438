// SPDX-License-Identifier: GPL-3.0-or-later
// Where the person says which folder or archive becomes a workspace: by dropping it or by choosing it.
import { useId, useState, type DragEvent } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { project_source, size_of, type ProjectSource } from '../../model/project_uploads';
import { readable_bytes } from '../../model/sizes';
import type { UploadItem } from '../../model/uploads';
import { useApplication } from '../application';
import { Icon, type IconName } from '../controls/icon';
import { items_of_drop, items_of_files } from '../dropped_files';
import { plural, t } from '../../model/translation';

export interface ChosenUpload {
  chosen: { source: ProjectSource; name: string } | undefined;
  problem: string;
  choose: (items: UploadItem[]) => void;
}

export function useChosenUpload(first: UploadItem[] | undefined): ChosenUpload {
  const [items, choose] = useState(first);
  const chosen = items && project_source(items);
  return { chosen, problem: items && !chosen ? t('There are no files in this folder.') : '', choose };
}

/** "voyage.zip, 3.4 MB" or "voyage: 120 files, 3.4 MB". */
export function words_of(source: ProjectSource, name: string): string {
  const size = readable_bytes(size_of(source));
  if ('archive' in source) return `${source.archive.name}, ${size}`;
  const count = source.files.length;
  return `${name}: ${plural(count, '{n} file', '{n} files')}, ${size}`;
}

/** Takes what is dropped; `over` while something that can be dropped hangs above. */
export function useDrop(on_items: (items: UploadItem[]) => void) {
  const { notices } = useApplication();
  const [over, set_over] = useState(false);
  const has_files = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!has_files(event)) return;
        event.preventDefault();
        event.stopPropagation(); // a place around this one would wait for a drop that never reaches it
        set_over(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) set_over(false);
      },
      onDrop: (event: DragEvent) => {
        if (!has_files(event)) return;
        event.preventDefault();
        event.stopPropagation();
        set_over(false);
        items_of_drop(event.dataTransfer).then(on_items, (error: unknown) => notices.problem(sentence_of(error)));
      },
    },
  };
}

export function UploadChoice({ upload }: { upload: ChosenUpload }) {
  const { over, handlers } = useDrop(upload.choose);
  const { chosen } = upload;
  return (
    <div className={`drop-place${over ? ' over' : ''}`} {...handlers}>
      <Icon name={chosen ? 'check' : 'upload'} size={22} />
      <p role="status">
        {chosen ? words_of(chosen.source, chosen.name) : upload.problem || t('Drop a folder or an archive here, or')}
      </p>
      <div className="row">
        <FilePicker label={t('Choose a folder…')} icon="folder" directory on_items={upload.choose} />
        <FilePicker label={t('Choose an archive…')} icon="file" on_items={upload.choose} />
      </div>
      <p className="hint">{t('Archives: zip, tar, tar.gz, tar.xz, tar.zst')}</p>
    </div>
  );
}

interface PickerProps {
  label: string;
  icon: IconName;
  directory?: boolean;
  on_items: (items: UploadItem[]) => void;
}

function FilePicker({ label, icon, directory = false, on_items }: PickerProps) {
  const id = useId();
  return (
    <span className="file-picker">
      <input
        id={id}
        type="file"
        accept={directory ? undefined : '.zip,.tar,.tgz,.gz,.txz,.xz,.tzst,.zst'}
        ref={(input) => {
          if (input) input.webkitdirectory = directory;
        }}
        onChange={(event) => {
          on_items(items_of_files(event.target.files));
          event.target.value = ''; // the same may be chosen again
        }}
      />
      <label htmlFor={id} className="button">
        <Icon name={icon} size={14} /> {label}
      </label>
    </span>
  );
}
