// SPDX-License-Identifier: GPL-3.0-or-later
// Where the account is signed in, and the names of those places.
import type { RestClient } from '../connection/rest_client';
import type { SignInItem } from '../protocol/messages';
import { AccountList } from './account_list';
import { t } from './translation';

export class SignIns extends AccountList<SignInItem> {
  constructor(private readonly rest_: RestClient) {
    super();
  }
  /** This one first, then the last used. */
  protected async ask(): Promise<SignInItem[]> {
    const { sign_ins } = await this.rest_.call('ListSignIns');
    return sign_ins.sort((a, b) => Number(b.current) - Number(a.current) || b.last_used - a.last_used);
  }
  protected remove({ id }: SignInItem) {
    return this.rest_.call('EndSignIn', { parameters: { id } });
  }
}

const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/\bVersion\/\S+ .*Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** "Firefox on Linux" of a browser's long name for itself; any other client's name as it is. */
export function client_name(agent: string): string {
  const found = (known: [RegExp, string][]) => known.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = agent.startsWith('Mozilla/') ? found(browsers) : undefined;
  if (!browser) return agent.trim() || t('Unknown client');
  const system = found(systems);
  return system ? t`${browser} on ${system}` : browser;
}
