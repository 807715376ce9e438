// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that asks one thing: what it is about, fields, why it was refused, and the two buttons.
import type { ReactNode } from 'react';
import { Dialog } from './dialog';
import { Problem, useForm } from './form';
import { t } from '../../model/translation';

export function FormDialog({
  title,
  yes,
  meanwhile = yes,
  look = 'primary',
  ready = true,
  sure = false,
  wide = false,
  send,
  on_close,
  children,
}: {
  title: string;
  /** The button that does it, and what it says while that goes on. */
  yes: string;
  meanwhile?: string;
  look?: 'primary' | 'danger';
  /** False while something is missing. */
  ready?: boolean;
  /** There is nothing to fill in: Enter is yes. */
  sure?: boolean;
  wide?: boolean;
  /** Closes it where it resolves, but with "stay"; what it throws is shown. */
  send: (fields: FormData) => Promise<void | 'stay'>;
  on_close: () => void;
  children: ReactNode;
}) {
  const { busy, problem, on_submit } = useForm(async (fields) => {
    if ((await send(fields)) !== 'stay') on_close();
  });
  return (
    <Dialog title={title} wide={wide} on_close={on_close}>
      <form className="form" onSubmit={on_submit}>
        <Problem text={problem} />
        {children}
        <div className="row end">
          <button type="button" className="button plain" onClick={on_close}>
            {t('Cancel')}
          </button>
          <button className={`button ${look}`} disabled={busy || !ready} data-autofocus={sure ? '' : undefined}>
            {busy ? meanwhile : yes}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
