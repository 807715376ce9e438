// SPDX-License-Identifier: GPL-3.0-or-later
// What is fetched when it is first wanted: while it comes, and where it does not (no network, or a newer release in its place).
import { Component, Suspense, type ReactNode } from 'react';
import { t } from '../../model/translation';

interface Props {
  /** Shown while it comes. */
  meanwhile: ReactNode;
  /** Shown where it failed. */
  failed: ReactNode;
  children: ReactNode;
}

export class Chunk extends Component<Props, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (this.state.failed) return this.props.failed;
    return <Suspense fallback={this.props.meanwhile}>{this.props.children}</Suspense>;
  }
}

export function ReloadButton() {
  return (
    <button type="button" className="button primary" onClick={() => location.reload()}>
      {t('Load it again')}
    </button>
  );
}
