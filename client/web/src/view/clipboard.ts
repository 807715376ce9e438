// SPDX-License-Identifier: GPL-3.0-or-later
import type { Notices } from '../model/notices';
import { project_path } from '../model/paths';
import { t } from '../model/translation';

/** A path as people write it: from the project's folder, or from home outside of it. */
export function shown_path(path: string): string {
  return path.startsWith(`${project_path}/`) ? path.slice(project_path.length + 1) : path;
}

/** Browsers give no clipboard to pages without TLS (but for localhost), and people may refuse it: both are told. */
export async function copy_text(text: string, notices: Notices): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    notices.problem(t('The browser did not allow copying.'));
  }
}
