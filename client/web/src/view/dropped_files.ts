// SPDX-License-Identifier: GPL-3.0-or-later
// Files and whole folders dropped onto the page, as upload items with their paths below the target.
import type { UploadItem } from '../model/uploads';

export function items_of_files(files: FileList | null): UploadItem[] {
  return [...(files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, content: file }));
}

/** Asks the person for files, or for a folder with all that is in it; none when they think better of it. */
export function pick_files(folder: boolean): Promise<UploadItem[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.onchange = () => resolve(items_of_files(input.files));
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** Must be called in the drop event itself: the list is empty afterwards. */
export function items_of_drop(transfer: DataTransfer): Promise<UploadItem[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry !== null && entry !== undefined);
  if (entries.length === 0) return Promise.resolve(items_of_files(transfer.files));
  return Promise.all(entries.map((entry) => read_entry(entry, ''))).then((lists) => lists.flat());
}

async function read_entry(entry: FileSystemEntry, above: string): Promise<UploadItem[]> {
  const name = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name, content: file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const items: UploadItem[] = [];
  for (;;) {
    // A reader gives at most 100 entries a call, and none at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return items.length > 0 ? items : [{ name, content: new Blob([]), folder: true }];
    for (const child of part) items.push(...(await read_entry(child, name)));
  }
}
