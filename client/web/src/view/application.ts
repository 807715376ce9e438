// SPDX-License-Identifier: GPL-3.0-or-later
// The models that live as long as the page, and how views reach them.
import { createContext, useContext, useSyncExternalStore } from 'react';
import { RestClient } from '../connection/rest_client';
import { AccessTokens } from '../model/access_tokens';
import { AccountModel } from '../model/account';
import { AccountStorage } from '../model/account_storage';
import { Identities } from '../model/identities';
import { Notices } from '../model/notices';
import type { Observable } from '../model/observable';
import { Preferences } from '../model/preferences';
import { ProjectUploads } from '../model/project_uploads';
import { RoamingPreferences } from '../model/roaming_preferences';
import { SecondFactor } from '../model/second_factor';
import { SignIns } from '../model/sign_ins';
import { Teams } from '../model/teams';
import { Workspaces } from '../model/workspaces';

export class Application {
  readonly rest = new RestClient();
  readonly account = new AccountModel(this.rest);
  readonly workspaces = new Workspaces(this.rest);
  readonly teams = new Teams(this.rest);
  readonly uploads = new ProjectUploads(this.rest, () => [...this.workspaces.seen]);
  readonly storage = new AccountStorage(this.rest);
  readonly sign_ins = new SignIns(this.rest);
  readonly access_tokens = new AccessTokens(this.rest);
  readonly identities = new Identities(this.rest);
  readonly second_factor = new SecondFactor(this.rest);
  readonly notices = new Notices();
  readonly preferences = new Preferences();
  readonly roaming = new RoamingPreferences(this.rest, this.account, this.preferences);

  constructor() {
    this.account.subscribe(() => {
      if (this.account.phase !== 'signed_out') return;
      this.uploads.cancel_all();
      for (const own of [this.workspaces, this.teams, this.storage]) own.forget();
      for (const own of [this.sign_ins, this.access_tokens, this.identities, this.second_factor]) own.forget();
    });
  }
}

export const ApplicationContext = createContext<Application | undefined>(undefined);

export function useApplication(): Application {
  const application = useContext(ApplicationContext);
  if (!application) throw new Error('no application above this view');
  return application;
}

/** Renders again after each change of the model; its fields are read where they are needed. */
export function useChanges(model: Observable): number {
  return useSyncExternalStore(model.subscribe, model.revision);
}
