// SPDX-License-Identifier: GPL-3.0-or-later
// Dragging in the tree: entries to other folders (moved; with Ctrl copied), to the editors, to the desktop; files from there.
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { project_path } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import { useApplication } from '../../application';
import { items_of_drop } from '../../dropped_files';
import { dragged_path_type, dragged_paths_type } from '../editor/tab_drag';
import { useSession } from '../ide_context';
import { t } from '../../../model/translation';

const opens_after = 700; // ms over a closed folder

function dragged_paths(transfer: DataTransfer): string[] {
  try {
    const paths: unknown = JSON.parse(transfer.getData(dragged_paths_type) || '[]');
    return Array.isArray(paths) ? paths.filter((path): path is string => typeof path === 'string') : [];
  } catch {
    return [];
  }
}

export function useTreeDrag(
  may_change: boolean,
  /** Where something dropped on this entry goes. */
  directory_of: (path: string) => string,
  actions: {
    move: (paths: readonly string[], directory: string) => Promise<void>;
    copy_into: (paths: readonly string[], directory: string) => Promise<void>;
    download_link: (path: string, folder: boolean) => { name: string; link: string };
  },
) {
  const { tree, uploads } = useSession();
  const { notices } = useApplication();
  const [drop, set_drop] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const over = useRef<string>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const target = (event: DragEvent): string => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]') : null;
    return directory_of(row?.dataset['path'] ?? project_path);
  };
  const leave = () => {
    clearTimeout(timer.current);
    over.current = undefined;
    set_drop(undefined);
  };

  return {
    drop,
    /** `paths`: all that goes along with the entry under the pointer. */
    on_drag: (event: DragEvent, path: string, paths: readonly string[], folder: boolean) => {
      const { dataTransfer } = event;
      dataTransfer.effectAllowed = 'copyMove';
      if (!folder) dataTransfer.setData(dragged_path_type, path);
      if (may_change) dataTransfer.setData(dragged_paths_type, JSON.stringify(paths));
      // Chromium takes it to the desktop: a folder as a zip.
      const { name, link } = actions.download_link(path, folder);
      const address = new URL(link, location.origin).href;
      dataTransfer.setData('DownloadURL', `application/octet-stream:${name.replaceAll(':', '_')}:${address}`);
    },
    handlers: {
      onDragOver: (event: DragEvent) => {
        event.preventDefault();
        const { dataTransfer } = event;
        const own = dataTransfer.types.includes(dragged_paths_type);
        if (!may_change) {
          dataTransfer.dropEffect = 'none';
          return;
        }
        dataTransfer.dropEffect = own && !event.ctrlKey ? 'move' : 'copy';
        const directory = target(event);
        set_drop(directory);
        if (over.current === directory) return;
        over.current = directory;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => void tree.expand(directory), opens_after);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) leave();
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        const directory = target(event);
        leave();
        if (!may_change) return notices.problem(t(looks_only));
        const paths = dragged_paths(event.dataTransfer);
        if (paths.length > 0) return void (event.ctrlKey ? actions.copy_into : actions.move)(paths, directory);
        items_of_drop(event.dataTransfer).then(
          (items) => uploads.add(directory, items),
          (error: unknown) => notices.problem(sentence_of(error)),
        );
      },
    },
  };
}
