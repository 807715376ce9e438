// SPDX-License-Identifier: GPL-3.0-or-later
// Bars above the text: what the disk took away, a conflict and its answers, why a file is read-only or can't be written.
import { lazy, Suspense, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import type { Choice } from '../../../model/both_sides';
import type { Document } from '../../../model/document';
import type { ReadOnlyReason } from '../../../protocol/messages';
import { base_name } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import { useApplication, useChanges } from '../../application';
import { copy_text } from '../../clipboard';
import { Icon } from '../../controls/icon';
import { useMayChange, useSession } from '../ide_context';
import { rich } from '../../controls/rich';
import { type Message, message, plural, t } from '../../../model/translation';

const CompareDialog = lazy(() => import('./compare_dialog'));

const reasons: Record<ReadOnlyReason, Message> = {
  role: looks_only,
  size: message('This file is too large to edit here.'),
  encoding: message('This file’s encoding can’t be written back as it is.'),
  line_ending: message('This file mixes line endings.'),
  permission: message('You may not write to this file.'),
  outside_home: message('Files outside the home folder can’t be changed.'),
};

export function DocumentBars({ document }: { document: Document }) {
  return (
    <>
      <DiskBar document={document} />
      <StateBar document={document} />
    </>
  );
}

/** A program changed the file and text went with it. */
function DiskBar({ document }: { document: Document }) {
  useChanges(document);
  const [comparing, set_comparing] = useState(false);
  const change = document.disk_change;
  if (!change) return null;
  const name = base_name(document.path);
  const dismiss = () => {
    set_comparing(false);
    document.dismiss_disk_change();
  };
  return (
    <div className="bar" role="status">
      <Icon name="file" />
      <p>{rich('{0} was changed on disk: {1}.', name, removed(change.lines))}</p>
      <button type="button" className="button small" onClick={() => set_comparing(true)}>
        {t('Show')}
      </button>
      <button type="button" className="button small plain" onClick={dismiss}>
        {t('Dismiss')}
      </button>
      {comparing && (
        <Suspense fallback={null}>
          <CompareDialog
            title={t`${name}: changed on disk`}
            name={name}
            before={{ label: t('Before'), text: change.before }}
            after={{ label: t('After'), text: change.after }}
            on_close={() => set_comparing(false)}
          >
            {change.kept !== undefined && (
              <p className="muted spread">{rich('The text before is kept in {0}.', change.kept)}</p>
            )}
            <button type="button" className="button" onClick={dismiss}>
              {t('Dismiss')}
            </button>
          </CompareDialog>
        </Suspense>
      )}
    </div>
  );
}

function removed(lines: number): string {
  if (lines === 0) return t('some text was removed');
  return plural(lines, '{n} line removed', '{n} lines removed');
}

/** What a person typed without a connection, and others' changes of the same places. */
function ConflictBar({ document }: { document: Document }) {
  const [comparing, set_comparing] = useState(false);
  const { notices } = useApplication();
  // Whoever may only look now, having typed before: nothing of it can be sent any more.
  const refused = useMayChange() ? undefined : t(looks_only);
  const { conflict } = document;
  if (!conflict) return null;
  const choose = (choice: Choice) => () => {
    set_comparing(false);
    document.choose(choice);
  };
  const answers = (size: string) => (
    <>
      <button type="button" className={`button ${size}`} onClick={choose('theirs')}>
        {t('Take theirs')}
      </button>
      {!conflict.all && (
        <button
          type="button"
          className={`button ${size}`}
          disabled={refused !== undefined}
          title={refused}
          onClick={choose('both')}
        >
          {t('Keep both')}
        </button>
      )}
      {refused !== undefined && (
        <button type="button" className={`button ${size}`} onClick={() => void copy_text(document.text(), notices)}>
          {t('Copy my text')}
        </button>
      )}
      <button
        type="button"
        className={`button primary ${size}`}
        disabled={refused !== undefined}
        title={refused}
        onClick={choose('mine')}
      >
        {t('Keep mine')}
      </button>
    </>
  );
  const name = base_name(document.path);
  return (
    <div className="bar warning" role="alert">
      <Icon name="warning" />
      <p>{rich('{0} Your text is still here.', conflict.reason)}</p>
      <button type="button" className="button small" onClick={() => set_comparing(true)}>
        {t('Compare')}
      </button>
      {answers('small')}
      {comparing && (
        <Suspense fallback={null}>
          <CompareDialog
            title={t`${name}: theirs and mine`}
            name={name}
            before={{ label: t('Theirs'), text: document.theirs() }}
            after={{ label: t('Mine'), text: document.text() }}
            on_close={() => set_comparing(false)}
          >
            <button type="button" className="button plain" onClick={() => set_comparing(false)}>
              {t('Decide later')}
            </button>
            {answers('')}
          </CompareDialog>
        </Suspense>
      )}
    </div>
  );
}

function StateBar({ document }: { document: Document }) {
  const { notices } = useApplication();
  const { documents } = useSession();
  const may_change = useMayChange();
  useChanges(document);
  const report = (error: unknown) => notices.problem(sentence_of(error));

  if (document.conflict) return <ConflictBar document={document} />;
  if (document.problem !== undefined && !document.deleted) {
    return (
      <div className="bar danger" role="alert">
        <Icon name="warning" />
        <p>{document.problem}</p>
        {may_change && (
          <button type="button" className="button small" onClick={() => void documents.save_now(document)}>
            {t('Try again')}
          </button>
        )}
      </div>
    );
  }
  if (document.deleted) {
    return (
      <div className="bar warning" role="alert">
        <Icon name="warning" />
        <p>{rich('{0} was deleted. Its text is still here.', base_name(document.path))}</p>
        {may_change && (
          <button type="button" className="button small" onClick={() => void documents.save_now(document)}>
            {t('Write it again')}
          </button>
        )}
      </div>
    );
  }
  if (document.made_anew) {
    return (
      <div className="bar" role="status">
        <Icon name="file" />
        <p>
          {rich(
            '{0} was not there any more: it was deleted, or moved away. It was written again, with all of this text.',
            base_name(document.path),
          )}
        </p>
        <button type="button" className="button small plain" onClick={() => document.dismiss_made_anew()}>
          {t('Dismiss')}
        </button>
      </div>
    );
  }
  if (document.read_only && document.reason !== undefined) {
    const convert =
      document.reason === 'line_ending'
        ? { label: t('Convert to LF'), to: { line_ending: 'lf' as const } }
        : document.reason === 'encoding'
          ? { label: t('Convert to UTF-8'), to: { encoding: 'utf8' as const } }
          : undefined;
    return (
      <div className="bar">
        <Icon name="key" />
        <p>{rich('Read-only. {0}', t(reasons[document.reason]))}</p>
        {convert && may_change && (
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
