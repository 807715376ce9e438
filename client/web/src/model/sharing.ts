// SPDX-License-Identifier: GPL-3.0-or-later
// Whom one workspace is shared with: people, invitations, links, and the public page. What the server answers is the truth; a
// change that it refuses leaves the list as it was.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Invitation, Member, Role, ShareLink, Workspace } from '../protocol/messages';
import { Observable } from './observable';

/** A role that can be given: the owner's is transferred. */
export type GivenRole = Extract<Role, 'viewer' | 'editor'>;

const order: Partial<Record<Role, number>> = { owner: 0, editor: 1, viewer: 2 };

export class Sharing extends Observable {
  state: 'loading' | 'ready' | 'failed' = 'loading';
  problem = '';
  members: Member[] = [];
  invitations: Invitation[] = [];
  links: ShareLink[] = [];
  /** The link made last: its address is told once. */
  made: { link: ShareLink; url: string } | undefined;
  public_link: boolean;
  /** Of the public page, where it is known. */
  public_url: string | undefined;

  constructor(
    readonly workspace: Workspace,
    private readonly rest_: RestClient,
  ) {
    super();
    this.public_link = workspace.public_link;
  }

  async load(): Promise<void> {
    try {
      const { members, invitations, links } = await this.rest_.call('ListMembers', this.at());
      this.members = sorted_members(members);
      this.invitations = invitations;
      this.links = links;
      this.state = 'ready';
      this.problem = '';
    } catch (error) {
      this.problem = sentence_of(error);
      if (this.state === 'loading') this.state = 'failed';
    }
    this.changed();
  }

  /** Somebody with an account is in at once; anybody else is invited. Says which. */
  async add(email: string, role: GivenRole): Promise<'member' | 'invitation'> {
    const { member, invitation } = await this.rest_.call('AddMember', { ...this.at(), body: { email, role } });
    if (member)
      this.members = sorted_members([...this.members.filter((one) => one.account !== member.account), member]);
    if (invitation)
      this.invitations = [...this.invitations.filter((one) => one.id !== invitation.id), invitation].sort(
        (a, b) => b.created - a.created,
      );
    this.changed();
    return member ? 'member' : 'invitation';
  }

  async set_role(account: string, role: GivenRole): Promise<void> {
    try {
      await this.rest_.call('UpdateMember', { ...this.at({ account }), body: { role } });
      this.members = sorted_members(this.members.map((one) => (one.account === account ? { ...one, role } : one)));
    } finally {
      this.changed(); // also where it was refused: the choice shows what holds
    }
  }

  async remove(account: string): Promise<void> {
    await this.rest_.call('RemoveMember', this.at({ account }));
    this.members = this.members.filter((one) => one.account !== account);
    this.changed();
  }

  async withdraw(invitation: string): Promise<void> {
    await this.rest_.call('DeleteInvitation', this.at({ invitation }));
    this.invitations = this.invitations.filter((one) => one.id !== invitation);
    this.changed();
  }

  async make_link(role: GivenRole, expires: number | undefined): Promise<void> {
    const body = { role, ...(expires === undefined ? {} : { expires }) };
    this.made = await this.rest_.call('CreateLink', { ...this.at(), body });
    this.links = [this.made.link, ...this.links];
    this.changed();
  }

  async remove_link(link: string): Promise<void> {
    await this.rest_.call('DeleteLink', this.at({ link }));
    this.links = this.links.filter((one) => one.id !== link);
    if (this.made?.link.id === link) this.made = undefined;
    this.changed();
  }

  /** The workspace of that person or team from now on; a person who had it becomes an editor. */
  async transfer(account: string): Promise<Workspace> {
    const workspace = await this.rest_.call('TransferWorkspace', { ...this.at(), body: { account } });
    await this.load();
    return workspace;
  }

  async set_public(enabled: boolean): Promise<void> {
    try {
      const { url } = await this.rest_.call('SetPublic', { ...this.at(), body: { enabled } });
      this.public_link = enabled;
      this.public_url = enabled ? url : undefined;
    } finally {
      this.changed();
    }
  }

  /** It is shared with somebody, or could be come to by somebody. */
  is_shared(): boolean {
    return this.members.length > 1 || this.invitations.length + this.links.length > 0;
  }

  private at(parameters: Record<string, string> = {}) {
    return { parameters: { id: this.workspace.id, ...parameters } };
  }
}

/** Owners first, then editors; of one role by name. */
export function sorted_members(members: Member[]): Member[] {
  return members.sort((a, b) => (order[a.role] ?? 3) - (order[b.role] ?? 3) || a.name.localeCompare(b.name));
}
