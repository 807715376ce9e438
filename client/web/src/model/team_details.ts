// SPDX-License-Identifier: GPL-3.0-or-later
// One team: who is in it, who is invited, what it offers as templates, and what it has of what it may have. What the server
// answers is the truth; a change that it refuses leaves the lists as they were.
import { has_code, sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type {
  Invitation,
  Member,
  PutTeamTemplateBody,
  Role,
  Team,
  TeamTemplate,
  TeamUse,
  Version,
} from '../protocol/messages';
import { Observable } from './observable';
import { sorted_members } from './sharing';

const most_pages = 10; // of versions, 200 each, looked through for names

/** A role that can be given in a team; the last owner keeps theirs. */
export type TeamRole = Extract<Role, 'viewer' | 'editor' | 'owner'>;

export class TeamDetails extends Observable {
  state: 'loading' | 'ready' | 'missing' | 'failed' = 'loading';
  problem = '';
  team: Team | undefined;
  use: TeamUse | undefined;
  members: Member[] = [];
  invitations: Invitation[] = [];
  templates: TeamTemplate[] = [];

  constructor(
    readonly id: string,
    private readonly rest_: RestClient,
  ) {
    super();
  }

  async load(): Promise<void> {
    try {
      const [{ team, use }, { members, invitations }, { templates }] = await Promise.all([
        this.rest_.call('GetTeam', this.at()),
        this.rest_.call('ListTeamMembers', this.at()),
        this.rest_.call('ListTeamTemplates', this.at()),
      ]);
      Object.assign(this, { team, use, invitations, templates, state: 'ready', problem: '' });
      this.members = sorted_members(members);
    } catch (error) {
      this.problem = sentence_of(error);
      if (has_code(error, 'not_found')) this.state = 'missing';
      else if (this.state === 'loading') this.state = 'failed';
    }
    this.changed();
  }

  /** What it has by now: workspaces come and go while one looks. */
  async look_at_use(): Promise<void> {
    try {
      const { team, use } = await this.rest_.call('GetTeam', this.at());
      Object.assign(this, { team, use });
    } catch (error) {
      if (!has_code(error, 'not_found')) return; // what was there is shown on
      this.state = 'missing';
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  owns(): boolean {
    return this.team?.role === 'owner';
  }
  may_edit(): boolean {
    return this.team !== undefined && this.team.role !== 'viewer';
  }
  /** The only owner: they can neither leave nor take a lower role. */
  is_last_owner(account: string): boolean {
    const owners = this.members.filter(({ role }) => role === 'owner');
    return owners.length === 1 && owners[0]?.account === account;
  }

  async rename(name: string): Promise<Team> {
    this.team = await this.rest_.call('UpdateTeam', { ...this.at(), body: { name } });
    this.changed();
    return this.team;
  }

  /** Refused while it has workspaces. */
  async end(): Promise<void> {
    await this.rest_.call('DeleteTeam', this.at());
  }

  /** Somebody with an account is in at once; anybody else is invited. Says which. */
  async add(email: string, role: TeamRole): Promise<'member' | 'invitation'> {
    const { member, invitation } = await this.rest_.call('AddTeamMember', { ...this.at(), body: { email, role } });
    if (member) this.put_member(member);
    if (invitation)
      this.invitations = [invitation, ...this.invitations.filter(({ id }) => id !== invitation.id)].sort(
        (a, b) => b.created - a.created,
      );
    this.changed();
    return member ? 'member' : 'invitation';
  }

  async set_role(account: string, role: TeamRole, own = false): Promise<void> {
    try {
      this.put_member(await this.rest_.call('UpdateTeamMember', { ...this.at({ account }), body: { role } }));
    } finally {
      this.changed(); // also where it was refused: the choice shows what holds
    }
    if (own) await this.load(); // what the person sees of it is another
  }

  async remove(account: string): Promise<void> {
    await this.rest_.call('RemoveTeamMember', this.at({ account }));
    this.members = this.members.filter((one) => one.account !== account);
    this.count_members();
    this.changed();
  }

  async withdraw(invitation: string): Promise<void> {
    await this.rest_.call('DeleteTeamInvitation', this.at({ invitation }));
    this.invitations = this.invitations.filter(({ id }) => id !== invitation);
    this.changed();
  }

  /** Offers a workspace of the team as a template, or changes how. */
  async put_template(workspace: string, body: PutTeamTemplateBody): Promise<void> {
    const made = await this.rest_.call('PutTeamTemplate', { ...this.at({ workspace }), body });
    this.templates = [...this.templates.filter((one) => one.workspace !== workspace), made].sort((a, b) =>
      a.name.localeCompare(b.name),
    );
    this.changed();
  }

  /** How a workspace of the team is offered, if it is, and its versions with names, of which it can be offered as one. */
  async template_of(workspace: string): Promise<{ offered: TeamTemplate | undefined; versions: Version[] }> {
    const { templates } = await this.rest_.call('ListTeamTemplates', this.at());
    const versions: Version[] = [];
    for (let cursor: string | undefined, page = 0; page < most_pages; ++page) {
      const call = { parameters: { id: workspace }, query: { cursor, limit: 200 } };
      const answer = await this.rest_.call('ListVersions', call);
      versions.push(...answer.versions.filter(({ name }) => name !== ''));
      cursor = answer.cursor;
      if (cursor === undefined) break;
    }
    return { offered: templates.find((one) => one.workspace === workspace), versions };
  }

  /** The workspace stays. */
  async remove_template(workspace: string): Promise<void> {
    await this.rest_.call('DeleteTeamTemplate', this.at({ workspace }));
    this.templates = this.templates.filter((one) => one.workspace !== workspace);
    this.changed();
  }

  private put_member(member: Member): void {
    this.members = sorted_members([...this.members.filter(({ account }) => account !== member.account), member]);
    this.count_members();
  }
  private count_members(): void {
    if (this.team) this.team = { ...this.team, members: this.members.length };
  }
  private at(parameters: Record<string, string> = {}) {
    return { parameters: { id: this.id, ...parameters } };
  }
}

/** What a limit leaves: a part of 0 … 1, and whether it warns. Where there is no limit, undefined. */
export function part_of(used: number, most: number): number | undefined {
  return most > 0 ? Math.min(1, used / most) : undefined;
}
