// SPDX-License-Identifier: GPL-3.0-or-later
// What terminals ask: a bar for the clipboard, a dialog before many lines are pasted.
import type { TerminalQuestions } from '../../../model/terminal_questions';
import { useChanges } from '../../application';
import { Dialog } from '../../controls/dialog';
import { Icon } from '../../controls/icon';
import { t } from '../../../model/translation';

const shown_lines = 8;

export function TerminalQuestion({ questions }: { questions: TerminalQuestions }) {
  useChanges(questions);
  const { current } = questions;
  if (current?.kind === 'clipboard') {
    return (
      <div className="bar terminal-question" role="alert">
        <Icon name="copy" />
        <p>
          {t('A program in a terminal wants to put text into your clipboard. Your answer holds for this workspace.')}
        </p>
        <button type="button" className="button small primary" onClick={() => questions.allow_clipboard(true)}>
          {t('Allow')}
        </button>
        <button type="button" className="button small" onClick={() => questions.allow_clipboard(false)}>
          {t('Never')}
        </button>
      </div>
    );
  }
  if (current?.kind !== 'paste') return null;
  const lines = current.text.split(/\r\n|\r|\n/);
  const close = () => questions.dismiss();
  return (
    <Dialog title={t`Paste ${current.lines} lines?`} on_close={close}>
      <p>
        {t(
          'The program in this terminal takes each line as if you had typed it: a shell runs them one after the other.',
        )}
      </p>
      <pre className="paste-preview">
        {lines.slice(0, shown_lines).join('\n')}
        {lines.length > shown_lines && t`\n… and ${lines.length - shown_lines} more`}
      </pre>
      <div className="row end">
        <button type="button" className="button plain" onClick={close}>
          {t('Cancel')}
        </button>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            close();
            current.paste();
          }}
        >
          {t('Paste')}
        </button>
      </div>
    </Dialog>
  );
}
