// SPDX-License-Identifier: GPL-3.0-or-later
// The teams that the person is in: to work in, to filter by, to make more of; and what each offers as templates.
import { sentence_of } from '../connection/berth_error';
import type { RestClient } from '../connection/rest_client';
import type { Team, TeamTemplate } from '../protocol/messages';
import { Observable } from './observable';

export class Teams extends Observable {
  /** By name; undefined until they were asked for. */
  items: Team[] | undefined;
  /** So many more may be made. */
  may_make = 0;
  problem = '';
  /** What the teams offer, by their ids. */
  templates = new Map<string, TeamTemplate[]>();
  private asked_ = 0;

  constructor(private readonly rest_: RestClient) {
    super();
  }

  async load(): Promise<void> {
    const asked = ++this.asked_;
    try {
      const { teams, may_make } = await this.rest_.call('ListTeams');
      if (asked !== this.asked_) return;
      this.items = by_name(teams);
      this.may_make = may_make;
      this.problem = '';
    } catch (error) {
      if (asked !== this.asked_) return;
      this.problem = sentence_of(error);
    }
    this.changed();
  }

  /** The teams and what they offer. One whose templates can't be had offers none. */
  async load_templates(): Promise<void> {
    await this.load();
    const asked = this.asked_;
    const lists = await Promise.all(
      (this.items ?? []).map(async ({ id, disabled }): Promise<[string, TeamTemplate[]]> => {
        if (disabled) return [id, []];
        const call = this.rest_.call('ListTeamTemplates', { parameters: { id } });
        return [
          id,
          await call.then(
            ({ templates }) => templates,
            () => [],
          ),
        ];
      }),
    );
    if (asked !== this.asked_) return;
    this.templates = new Map(lists);
    this.changed();
  }

  /** The person has signed out: nothing of it is the next one's. */
  forget(): void {
    ++this.asked_;
    this.items = undefined;
    this.may_make = 0;
    this.problem = '';
    this.templates = new Map();
    this.changed();
  }

  find(id: string | undefined): Team | undefined {
    return this.items?.find((team) => team.id === id);
  }

  /** Those in which the person may make workspaces, and to which they may hand theirs over. */
  to_work_in(): Team[] {
    return (this.items ?? []).filter(({ role, disabled }) => role !== 'viewer' && !disabled);
  }

  async create(name: string): Promise<Team> {
    const team = await this.rest_.call('CreateTeam', { body: { name } });
    this.may_make = Math.max(0, this.may_make - 1);
    this.put(team);
    return team;
  }

  async join(token: string): Promise<Team> {
    const team = await this.rest_.call('JoinTeam', { body: { token } });
    this.put(team);
    return team;
  }

  put(team: Team): void {
    this.items = by_name([...(this.items ?? []).filter(({ id }) => id !== team.id), team]);
    this.changed();
  }

  /** It has ended, or the person has left it. */
  drop(id: string): void {
    this.items = this.items?.filter((team) => team.id !== id);
    this.changed();
  }
}

function by_name(teams: Team[]): Team[] {
  return teams.sort((a, b) => a.name.localeCompare(b.name));
}
