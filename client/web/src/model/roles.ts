// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's role in a workspace lets them do, and the words for it. Server and runner decide; here nobody is led to ask
// in vain.
import type { WorkspaceConnection } from '../connection/workspace_connection';
import type { Role, Workspace } from '../protocol/messages';
import { message, type Message } from './translation';

export const looks_only = message('You may look at this workspace but not change it.');
export const editors_start = message('Only people who may edit this workspace can start and stop it.');
export const owners_only = message('Only the owner of this workspace can do this.');

/** What a role is called where one is chosen, and what it means. */
export const role_words: Partial<Record<Role, { name: Message; may: Message; about: Message }>> = {
  owner: { name: message('Owner'), may: message('Owner'), about: message('Everything, also sharing and deleting it.') },
  editor: {
    name: message('Editor|role'),
    may: message('May edit'),
    about: message('Changes files, uses terminals, starts and stops it.'),
  },
  viewer: {
    name: message('Viewer'),
    may: message('May look'),
    about: message('Sees files, terminals and shared previews; changes nothing.'),
  },
};

/** The same in a team, where it holds for all of its workspaces. */
export const team_role_words: Partial<Record<Role, { name: Message; may: Message; about: Message }>> = {
  owner: {
    name: message('Owner'),
    may: message('Owner'),
    about: message('Everything, also its people, its workspaces’ sharing, and the team itself.'),
  },
  editor: {
    name: message('Editor|role'),
    may: message('May edit'),
    about: message('Makes workspaces in the team, changes, starts and stops them.'),
  },
  viewer: {
    name: message('Viewer'),
    may: message('May look'),
    about: message('Sees the team’s workspaces and begins own ones from its templates.'),
  },
};

/** False for a viewer: every action that changes files, texts or terminals is greyed then. */
export function may_change({ hello }: Pick<WorkspaceConnection, 'hello'>): boolean {
  return hello?.role !== 'viewer';
}

/** The person's role as far as it is known: what the open connection has, else what the server told. */
export function role_of(
  workspace: Pick<Workspace, 'role'> | undefined,
  { hello }: Partial<Pick<WorkspaceConnection, 'hello'>> = {},
): Role {
  return hello?.role ?? workspace?.role ?? 'viewer';
}

export function may_start(role: Role): boolean {
  return role !== 'viewer';
}
export function is_owner(role: Role): boolean {
  return role === 'owner';
}
