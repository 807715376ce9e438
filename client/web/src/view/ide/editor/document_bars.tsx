// SPDX-License-Identifier: GPL-3.0-or-later
// Bars above the text: a conflict and its three answers, why a file is read-only, why it can't be written.
import { lazy, Suspense, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import type { Document } from '../../../model/document';
import type { ReadOnlyReason } from '../../../protocol/messages';
import { base_name } from '../../../model/paths';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';

const CompareDialog = lazy(() => import('./compare_dialog'));

const reasons: Record<ReadOnlyReason, string> = {
  role: 'You may look at this workspace but not change it.',
  size: 'This file is too large to edit here.',
  encoding: 'This file’s encoding can’t be written back as it is.',
  line_ending: 'This file mixes line endings.',
  permission: 'You may not write to this file.',
  outside_home: 'Files outside the home folder can’t be changed.',
};

export function DocumentBars({ document }: { document: Document }) {
  const { notices } = useApplication();
  const { documents, files } = useSession();
  useChanges(document);
  const [comparing, set_comparing] = useState(false);
  const report = (error: unknown) => notices.problem(sentence_of(error));

  if (document.conflict) {
    return (
      <div className="bar warning" role="alert">
        <Icon name="warning" />
        <p>{document.conflict.reason} Your text is still here.</p>
        <button type="button" className="button small" onClick={() => set_comparing(true)}>
          Compare
        </button>
        <button type="button" className="button small" onClick={() => document.take_theirs()}>
          Take theirs
        </button>
        <button type="button" className="button small primary" onClick={() => document.keep_mine()}>
          Keep mine
        </button>
        {comparing && (
          <Suspense fallback={null}>
            <CompareDialog document={document} on_close={() => set_comparing(false)} />
          </Suspense>
        )}
      </div>
    );
  }
  if (document.problem !== undefined && !document.deleted) {
    return (
      <div className="bar danger" role="alert">
        <Icon name="warning" />
        <p>{document.problem}</p>
        <button type="button" className="button small" onClick={() => void document.save()}>
          Try again
        </button>
      </div>
    );
  }
  if (document.deleted) {
    const again = () => files.create_file(document.path).then(() => document.save(), report);
    return (
      <div className="bar warning" role="alert">
        <Icon name="warning" />
        <p>{base_name(document.path)} was deleted. Its text is still here.</p>
        <button type="button" className="button small" onClick={() => void again()}>
          Write it again
        </button>
      </div>
    );
  }
  if (document.read_only && document.reason !== undefined) {
    const convert =
      document.reason === 'line_ending'
        ? { label: 'Convert to LF', to: { line_ending: 'lf' as const } }
        : document.reason === 'encoding'
          ? { label: 'Convert to UTF-8', to: { encoding: 'utf8' as const } }
          : undefined;
    return (
      <div className="bar">
        <Icon name="key" />
        <p>Read-only. {reasons[document.reason]}</p>
        {convert && (
          <button
            type="button"
            className="button small"
            onClick={() => void documents.convert(document, convert.to).catch(report)}
          >
            {convert.label}
          </button>
        )}
      </div>
    );
  }
  return null;
}
