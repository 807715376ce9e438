// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useState } from 'react';
import { base_name, parent_path } from '../../../model/paths';
import { useSession } from '../ide_context';

/** Grows each time the file at `path` changed. */
export function useFileChanges(path: string): number {
  const { connection } = useSession();
  const [changes, set_changes] = useState(0);
  useEffect(
    () =>
      connection.on('file/changed', ({ path: folder, changes: some, overflow }) => {
        if (folder !== parent_path(path)) return;
        if (overflow || some.some(({ name }) => name === base_name(path))) set_changes((before) => before + 1);
      }),
    [connection, path],
  );
  return changes;
}
