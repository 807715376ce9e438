// SPDX-License-Identifier: GPL-3.0-or-later
// Generated from protocol/messages.hpp and protocol/rest.hpp by generate_protocol; do not edit.
// prettier-ignore-start

export const version = { major: 1, minor: 2 } as const;
export const subprotocol = 'berth.v1';
export const limits = {
  text_frame: 8388608,
  binary_payload: 262144,
  open_channels: 256,
  inline_document: 262144,
  editable_document: 67108864,
} as const;

export type ErrorCode =
  | 'invalid_argument'
  | 'unauthenticated'
  | 'permission_denied'
  | 'not_found'
  | 'already_exists'
  | 'conflict'
  | 'stale_base'
  | 'too_large'
  | 'limit_exceeded'
  | 'unsupported'
  | 'unavailable'
  | 'timeout'
  | 'cancelled'
  | 'internal';

export interface SessionHelloParams {
  protocol_major: number;
  protocol_minor: number;
  client: string;
  session?: string;
}

export type Role =
  | 'viewer'
  | 'editor'
  | 'owner'
  | 'server';

export interface Limits {
  text_frame: number;
  binary_payload: number;
  open_channels: number;
  pending_requests: number;
  inline_document: number;
  editable_document: number;
}

export interface SessionHelloResult {
  protocol_major: number;
  protocol_minor: number;
  runner: string;
  session: string;
  resumed: boolean;
  workspace: string;
  user_name: string;
  role: Role;
  home: string;
  limits: Limits;
  capabilities: string[];
}

export type Empty = Record<string, never>;

export interface TerminalInfo {
  terminal: string;
  title: string;
  command: string;
  columns: number;
  rows: number;
  running: boolean;
  exit_code?: number;
  exit_signal?: number;
  created: number;
  directory?: string;
  viewers?: string[];
  leader?: string;
}

export interface TerminalListResult {
  terminals: TerminalInfo[];
  programs?: string[];
}

export interface TerminalOpenParams {
  columns: number;
  rows: number;
  cwd?: string;
  command?: string;
  environment?: Record<string, string>;
  title?: string;
  scrollback?: number;
}

export interface TerminalOpenResult {
  terminal: TerminalInfo;
}

export interface TerminalAttachParams {
  terminal: string;
  credit: number;
  output_offset?: number;
  columns?: number;
  rows?: number;
  scrollback?: number;
  deflate?: boolean;
}

export interface TerminalAttachResult {
  channel: number;
  output_offset: number;
  lost: boolean;
  screen?: number;
  input_offset: number;
  input_limit: number;
  terminal: TerminalInfo;
}

export interface TerminalDetachParams {
  terminal: string;
}

export interface TerminalResizeParams {
  terminal: string;
  columns: number;
  rows: number;
}

export interface TerminalLeadParams {
  terminal: string;
  lead: boolean;
}

export interface TerminalRenameParams {
  terminal: string;
  title: string;
}

export interface TerminalCloseParams {
  terminal: string;
}

export interface FileListParams {
  path: string;
  cursor?: string;
  limit?: number;
}

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'other';

export interface FileEntry {
  name: string;
  type: EntryType;
  size: number;
  modified: number;
  mode: number;
  target?: string;
  target_type?: EntryType;
}

export interface FileListResult {
  entries: FileEntry[];
  total: number;
  cursor?: string;
}

export interface FileStatParams {
  path: string;
}

export interface FileStatResult {
  entry: FileEntry;
  etag: string;
}

export interface FileReadParams {
  path: string;
  credit: number;
  offset?: number;
  length?: number;
}

export interface FileReadResult {
  channel: number;
  size: number;
  etag: string;
}

export interface FileWriteParams {
  path: string;
  expected_etag?: string;
  mode?: number;
}

export interface FileWriteResult {
  channel: number;
  limit: number;
}

export interface FileCommitParams {
  channel: number;
  size: number;
}

export interface FileCommitResult {
  etag: string;
}

export interface FileCreateDirectoryParams {
  path: string;
}

export interface FileRenameParams {
  from: string;
  to: string;
  overwrite?: boolean;
}

export interface FileCopyParams {
  from: string;
  to: string;
}

export interface FileDeleteParams {
  path: string;
  permanently?: boolean;
}

export interface FileDeleteResult {
  trash?: string;
}

export interface FileUndeleteParams {
  trash: string;
}

export interface FileUndeleteResult {
  path: string;
}

export interface FileWatchParams {
  path: string;
}

export interface FileWatchResult {
  degraded: boolean;
}

export interface FileUnwatchParams {
  path: string;
}

export type Encoding =
  | 'utf8'
  | 'utf8_bom'
  | 'utf16le'
  | 'utf16be'
  | 'latin1'
  | 'windows1252'
  | 'unknown';

export interface DocumentOpenParams {
  path: string;
  create?: boolean;
  encoding?: Encoding;
  credit?: number;
  known_document?: string;
  known_version?: number;
  operation_id?: string;
}

export type LineEnding =
  | 'lf'
  | 'crlf'
  | 'mixed';

export type ReadOnlyReason =
  | 'role'
  | 'size'
  | 'encoding'
  | 'line_ending'
  | 'permission'
  | 'outside_home';

export interface DocumentChange {
  version: number;
  operation: (number | string)[];
  origin: string;
  operation_id?: string;
}

export interface DocumentOpenResult {
  document: string;
  path: string;
  version: number;
  text?: string;
  channel?: number;
  length: number;
  encoding: Encoding;
  line_ending: LineEnding;
  read_only: boolean;
  reason?: ReadOnlyReason;
  disk_version: number;
  etag: string;
  changes?: DocumentChange[];
  operation_version?: number;
  paged?: boolean;
}

export interface DocumentEditParams {
  document: string;
  base_version: number;
  operation_id: string;
  operation: (number | string)[];
}

export interface DocumentEditResult {
  version: number;
}

export interface DocumentSaveParams {
  document: string;
}

export interface DocumentSaveResult {
  disk_version: number;
  etag: string;
}

export interface DocumentConvertParams {
  document: string;
  encoding?: Encoding;
  line_ending?: LineEnding;
}

export interface DocumentCloseParams {
  document: string;
}

export interface DocumentPageParams {
  path: string;
  offset: number;
  length?: number;
  encoding?: Encoding;
}

export interface DocumentPageResult {
  text: string;
  offset: number;
  next: number;
  size: number;
  encoding: Encoding;
  etag: string;
}

export interface TextSelection {
  anchor: number;
  head: number;
}

export interface Participant {
  session: string;
  user: string;
  name: string;
  colour: number;
  role: Role;
  connected: boolean;
  since: number;
  document?: string;
  path?: string;
  version: number;
  selections: TextSelection[];
  top?: number;
  terminal?: string;
  following?: string;
}

export interface PresenceListResult {
  participants: Participant[];
}

export interface PresenceSetParams {
  document?: string;
  version: number;
  selections: TextSelection[];
  top?: number;
  terminal?: string;
  following?: string;
}

export interface Port {
  port: number;
  address: string;
  process: string;
}

export interface PortListResult {
  ports: Port[];
}

export interface PortTunnelParams {
  port: number;
  credit: number;
}

export interface PortTunnelResult {
  channel: number;
  limit: number;
}

export interface SearchQuery {
  pattern: string;
  folder?: string;
  regex?: boolean;
  match_case?: boolean;
  whole_word?: boolean;
  include?: string[];
  exclude?: string[];
  ignored?: boolean;
}

export interface SearchTextParams {
  query: SearchQuery;
  replacement?: string;
  limit?: number;
}

export interface SearchTextResult {
  search: number;
}

export interface SearchCancelParams {
  search: number;
}

export interface ReplaceFile {
  path: string;
  only_lines?: number[];
}

export interface SearchReplaceParams {
  query: SearchQuery;
  replacement: string;
  files: ReplaceFile[];
}

export interface ReplaceProblem {
  path: string;
  reason: string;
}

export interface SearchReplaceResult {
  replacement: string;
  files: number;
  matches: number;
  problems: ReplaceProblem[];
}

export interface SearchUndoReplaceParams {
  replacement: string;
}

export interface SearchUndoReplaceResult {
  files: number;
  problems: ReplaceProblem[];
}

export interface ControlActivityResult {
  idle: number;
  cpu_percent: number;
  sessions: number;
  terminals: number;
  ports: Port[];
  memory?: number;
}

export type NoticeKind =
  | 'info'
  | 'idle_warning'
  | 'stopping'
  | 'resource';

export interface SessionNoticeParams {
  kind: NoticeKind;
  text: string;
  seconds_left?: number;
}

export interface ControlFlushResult {
  problems: string[];
}

export interface SyncStateResult {
  version?: string;
  root?: string;
  restoring?: string;
  change: number;
  offered?: string;
}

export interface SyncWaitParams {
  seen: number;
  timeout: number;
}

export interface SyncWaitResult {
  change: number;
}

export interface SyncSnapshotParams {
  complete?: boolean;
}

export interface PathProblem {
  path: string;
  reason: string;
}

export interface SyncSnapshotResult {
  root: string;
  change: number;
  files: number;
  directories: number;
  bytes: number;
  problems: PathProblem[];
  problem_count: number;
}

export interface SyncObjectsParams {
  ids: string[];
  credit: number;
}

export interface SyncObjectsResult {
  channel: number;
}

export interface SyncStoredParams {
  root: string;
  version: string;
  change: number;
  at: number;
}

export interface SyncProblemParams {
  problem: string;
}

export interface RestoreBeginParams {
  version: string;
  path: string;
}

export interface RestoreEntry {
  path: string;
  name64: string;
  type: string;
  mode: number;
  modified: number;
  size: number;
  chunks: string[];
  target: string;
  target64?: string;
  more?: boolean;
}

export interface RestoreEntriesParams {
  entries: RestoreEntry[];
}

export interface RestoreEntriesResult {
  needed: string[];
}

export interface RestoreObjectsResult {
  channel: number;
  limit: number;
}

export interface RestoreWriteResult {
  problems: PathProblem[];
}

export interface RestoreEndParams {
  version: string;
  root: string;
  remove_others: boolean;
}

export interface RestoreEndResult {
  problems: PathProblem[];
}

export interface ImportBeginParams {
  git_url: string;
  archive: string;
  format: string;
  most_bytes?: number;
}

export type StorageProgress =
  | 'stored'
  | 'storing'
  | 'waiting';

export interface WorkspaceStorageParams {
  progress: StorageProgress;
  version: string;
  stored: number;
  problem: string;
}

export interface WorkspaceImportParams {
  text: string;
  percent?: number;
  finished: boolean;
  problem?: string;
}

export interface TerminalChangedParams {
  terminal: TerminalInfo;
}

export interface TerminalClosedParams {
  terminal: string;
}

export type ChangeKind =
  | 'created'
  | 'changed'
  | 'deleted';

export interface FileChange {
  name: string;
  kind: ChangeKind;
  entry?: FileEntry;
}

export interface FileChangedParams {
  path: string;
  changes: FileChange[];
  overflow: boolean;
  degraded: boolean;
}

export interface DocumentChangedParams {
  document: string;
  version: number;
  operation: (number | string)[];
  origin: string;
  kept?: string;
}

export interface DocumentStateParams {
  document: string;
  path: string;
  journalled_version: number;
  disk_version: number;
  encoding: Encoding;
  line_ending: LineEnding;
  read_only: boolean;
  deleted: boolean;
  problem?: string;
  conflict_copy?: string;
  stored_version?: number;
}

export interface PresenceChangedParams {
  participant: Participant;
}

export interface PresenceLeftParams {
  session: string;
}

export interface PortChangedParams {
  ports: Port[];
}

export interface SearchMatch {
  start: number;
  end: number;
  replacement?: string;
}

export interface SearchLine {
  line: number;
  text: string;
  cut: number;
  matches: SearchMatch[];
}

export interface SearchFile {
  path: string;
  lines: SearchLine[];
}

export interface SearchFoundParams {
  search: number;
  files: SearchFile[];
}

export interface SearchEndedParams {
  search: number;
  files: number;
  matches: number;
  cut: boolean;
  problem?: string;
}

export interface ErrorBody {
  code: string;
  message: string;
  data: Record<string, string>;
}

export interface Error {
  error: ErrorBody;
}

export type NoBody = Record<string, never>;

export interface SignInOptionsProvider {
  id: string;
  name: string;
}

export interface SignInOptions {
  password: boolean;
  providers: SignInOptionsProvider[];
  mail: boolean;
}

export interface ServerInfo {
  release: string;
  setup_needed: boolean;
  registration_open: boolean;
  preview_host: string;
  preview_fallback: string;
  https: boolean;
  sign_in: SignInOptions;
}

export interface SetupBody {
  token: string;
  email: string;
  name: string;
  password: string;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  administrator: boolean;
  created: number;
  email_verified: boolean;
  impersonated_by?: string;
  pending_email?: string;
}

export interface SignedIn {
  account: Account;
  access_token?: string;
  refresh_token?: string;
  access_expires: number;
}

export interface RegisterBody {
  email: string;
  name: string;
  password: string;
}

export interface SignInBody {
  email: string;
  password: string;
  code?: string;
}

export interface RefreshBody {
  refresh_token?: string;
}

export interface UpdateMeBody {
  name?: string;
  email?: string;
  current_password?: string;
  code?: string;
}

export interface ChangePasswordBody {
  current_password: string;
  new_password: string;
}

export interface Settings {
  registration_open: boolean;
  idle_stop_minutes: number;
  maximum_life_minutes: number;
  workspaces_per_account: number;
  running_per_account: number;
  storage_per_account: number;
  registration_domains: string[];
  password_sign_in: boolean;
  workspaces_per_team: number;
  running_per_team: number;
  storage_per_team: number;
  teams_per_account: number;
  audit_days: number;
}

export interface UpdateSettingsBody {
  registration_open?: boolean;
  idle_stop_minutes?: number;
  maximum_life_minutes?: number;
  workspaces_per_account?: number;
  running_per_account?: number;
  storage_per_account?: number;
  registration_domains?: string[];
  password_sign_in?: boolean;
  workspaces_per_team?: number;
  running_per_team?: number;
  storage_per_team?: number;
  teams_per_account?: number;
  audit_days?: number;
}

export interface Template {
  id: string;
  name: string;
  description: string;
  run_command: string;
  port?: number;
  open_file: string;
}

export interface ListTemplatesResult {
  templates: Template[];
}

export type WorkspaceState =
  | 'stopped'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'failed'
  | 'deleting';

export interface Person {
  id: string;
  name: string;
  email: string;
  team: boolean;
}

export interface ResourceUse {
  at: number;
  memory: number;
  processor: number;
  terminals: number;
  windows: number;
}

export type StartPhase =
  | 'place'
  | 'image'
  | 'files'
  | 'runner';

export interface StartStep {
  phase: StartPhase;
  took: number;
  done: boolean;
}

export interface Workspace {
  id: string;
  name: string;
  template_id: string;
  state: WorkspaceState;
  reason: string;
  created: number;
  last_used: number;
  started?: number;
  stops_at?: number;
  run_command: string;
  port?: number;
  open_file: string;
  role: Role;
  owner: Person;
  shared: boolean;
  public_link: boolean;
  team_template: boolean;
  use?: ResourceUse;
  start_steps?: StartStep[];
}

export interface ListWorkspacesResult {
  workspaces: Workspace[];
  next?: string;
}

export interface CreateWorkspaceBody {
  name: string;
  template_id: string;
  start?: boolean;
  git_url?: string;
  from_workspace?: string;
  from_version?: string;
  from_public?: string;
  team?: string;
}

export interface UpdateWorkspaceBody {
  name?: string;
}

export interface CreatePreviewBody {
  port: number;
  to?: string;
  path_form?: boolean;
}

export interface CreatePreviewResult {
  url: string;
  address: string;
}

export type VersionKind =
  | 'automatic'
  | 'named'
  | 'restored'
  | 'imported';

export interface Version {
  id: string;
  created: number;
  kind: VersionKind;
  name: string;
  author: string;
  files: number;
  bytes: number;
  added: number;
  modified: number;
  deleted: number;
  problems: number;
  restored_from: string;
}

export interface ListVersionsResult {
  versions: Version[];
  cursor?: string;
}

export interface CreateVersionBody {
  name: string;
}

export interface UpdateVersionBody {
  name: string;
}

export type VersionChangeKind =
  | 'added'
  | 'modified'
  | 'deleted';

export interface VersionChange {
  path: string;
  kind: VersionChangeKind;
  size_before: number;
  size: number;
}

export interface ListVersionChangesResult {
  against: string;
  changes: VersionChange[];
  truncated: boolean;
}

export interface RestoreVersionBody {
  path?: string;
}

export interface RestoreVersionResult {
  version: Version;
  problems: PathProblem[];
}

export interface GetStorageResult {
  used: number;
  limit: number;
}

export interface SignInItem {
  id: string;
  client: string;
  address: string;
  created: number;
  last_used: number;
  current: boolean;
  by_administrator: boolean;
}

export interface ListSignInsResult {
  sign_ins: SignInItem[];
}

export type Scope =
  | 'account_read'
  | 'account_write'
  | 'workspaces_read'
  | 'workspaces_write'
  | 'connect'
  | 'admin';

export interface AccessToken {
  id: string;
  name: string;
  scopes: Scope[];
  created: number;
  expires?: number;
  last_used?: number;
}

export interface ListTokensResult {
  tokens: AccessToken[];
}

export interface CreateTokenBody {
  name: string;
  scopes: Scope[];
  expires?: number;
}

export interface CreateTokenResult {
  token: AccessToken;
  secret: string;
}

export interface GetSecondFactorResult {
  enabled: boolean;
  recovery_codes_left: number;
}

export interface BeginSecondFactorBody {
  password: string;
}

export interface BeginSecondFactorResult {
  secret: string;
  uri: string;
}

export interface ConfirmSecondFactorBody {
  code: string;
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

export interface DisableSecondFactorBody {
  password: string;
  code: string;
}

export interface RenewRecoveryCodesBody {
  code: string;
}

export interface FinishSignInBody {
  pending: string;
  code: string;
}

export interface Preference {
  name: string;
  value: string;
  changed: number;
}

export interface Preferences {
  preferences: Preference[];
}

export interface UpdatePreferencesChange {
  name: string;
  value: string;
  age: number;
}

export interface UpdatePreferencesBody {
  preferences: UpdatePreferencesChange[];
}

export interface Member {
  account: string;
  name: string;
  email: string;
  role: Role;
  since: number;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  created: number;
  expires: number;
}

export interface ShareLink {
  id: string;
  role: Role;
  created: number;
  expires?: number;
  uses: number;
}

export interface ListMembersResult {
  members: Member[];
  invitations: Invitation[];
  links: ShareLink[];
}

export interface AddMemberBody {
  email: string;
  role: Role;
}

export interface AddMemberResult {
  member?: Member;
  invitation?: Invitation;
}

export interface UpdateMemberBody {
  role: Role;
}

export interface CreateLinkBody {
  role: Role;
  expires?: number;
}

export interface CreateLinkResult {
  link: ShareLink;
  url: string;
}

export interface JoinBody {
  token: string;
}

export interface TransferWorkspaceBody {
  account: string;
}

export interface SetPublicBody {
  enabled: boolean;
}

export interface SetPublicResult {
  url?: string;
}

export interface PublicPort {
  port: number;
  url: string;
}

export interface PublicWorkspace {
  name: string;
  template_id: string;
  owner_name: string;
  run_command: string;
  port?: number;
  open_file: string;
  version: string;
  stored: number;
  files: FileEntry[];
  ports: PublicPort[];
}

export interface GetPortsResult {
  ports: Record<string, string>;
}

export interface UpdatePortsBody {
  ports: Record<string, string>;
}

export interface CreatePortLinkBody {
  expires?: number;
}

export interface CreatePortLinkResult {
  url: string;
}

export interface Team {
  id: string;
  name: string;
  role: Role;
  created: number;
  members: number;
  disabled: boolean;
}

export interface ListTeamsResult {
  teams: Team[];
  may_make: number;
}

export interface CreateTeamBody {
  name: string;
}

export interface TeamUse {
  workspaces: number;
  running: number;
  stored_bytes: number;
  most_workspaces: number;
  most_running: number;
  most_stored_bytes: number;
}

export interface GetTeamResult {
  team: Team;
  use: TeamUse;
}

export interface UpdateTeamBody {
  name: string;
}

export interface ListTeamMembersResult {
  members: Member[];
  invitations: Invitation[];
}

export interface AddTeamMemberBody {
  email: string;
  role: Role;
}

export interface UpdateTeamMemberBody {
  role: Role;
}

export interface JoinTeamBody {
  token: string;
}

export interface TeamTemplate {
  workspace: string;
  name: string;
  description: string;
  template_id: string;
  version?: string;
  changed: number;
}

export interface ListTeamTemplatesResult {
  templates: TeamTemplate[];
}

export interface PutTeamTemplateBody {
  name: string;
  description: string;
  version?: string;
}

export interface VerifyEmailBody {
  token: string;
}

export interface ForgotPasswordBody {
  email: string;
}

export interface ResetPasswordBody {
  token: string;
  password: string;
}

export interface LinkIdentityBody {
  pending: string;
  password: string;
  code?: string;
}

export interface Identity {
  id: string;
  provider: string;
  provider_name: string;
  email: string;
  linked: number;
}

export interface ListIdentitiesResult {
  identities: Identity[];
  password: boolean;
}

export interface BeginIdentityBody {
  provider: string;
  to?: string;
  password?: string;
  code?: string;
}

export interface BeginIdentityResult {
  url: string;
}

export interface BeginNativeSignInBody {
  provider?: string;
  redirect: string;
  challenge: string;
  state: string;
}

export interface BeginNativeSignInResult {
  url: string;
}

export interface TakeNativeSignInBody {
  code: string;
  verifier: string;
}

export interface SignInRequest {
  client: string;
  address: string;
  created: number;
}

export interface AnswerNativeRequestBody {
  allow: boolean;
}

export interface AnswerNativeRequestResult {
  redirect: string;
}

export interface BeginDeviceSignInResult {
  device_code: string;
  user_code: string;
  verification_url: string;
  interval: number;
  expires: number;
}

export interface TakeDeviceSignInBody {
  device_code: string;
}

export interface AnswerDeviceRequestBody {
  allow: boolean;
}

export type AuditMeans =
  | 'sign_in'
  | 'token'
  | 'impersonation'
  | 'command'
  | 'system';

export interface AuditEntry {
  id: string;
  at: number;
  actor: string;
  actor_email: string;
  by: AuditMeans;
  address: string;
  action: string;
  workspace: string;
  target: string;
  outcome: string;
  data: Record<string, string>;
}

export interface ListAuditResult {
  entries: AuditEntry[];
  next?: string;
}

export interface Quota {
  workspaces?: number;
  running?: number;
  storage?: number;
}

export interface AdminAccount {
  id: string;
  email: string;
  name: string;
  administrator: boolean;
  created: number;
  disabled: boolean;
  last_used: number;
  workspaces: number;
  running: number;
  stored_bytes: number;
  quota: Quota;
  team: boolean;
  members: number;
}

export interface ListAccountsResult {
  accounts: AdminAccount[];
  next?: string;
}

export interface UpdateAccountBody {
  disabled?: boolean;
  administrator?: boolean;
  quota?: Quota;
}

export interface ResetAccountBody {
  remove_second_factor?: boolean;
}

export interface ResetAccountResult {
  url: string;
}

export interface ImpersonateBody {
  reason: string;
}

export interface AdminWorkspace {
  id: string;
  name: string;
  owner: string;
  owner_email: string;
  owner_name: string;
  template_id: string;
  state: WorkspaceState;
  reason: string;
  created: number;
  last_used: number;
  started?: number;
  owner_is_team: boolean;
  use?: ResourceUse;
}

export interface ListAllWorkspacesResult {
  workspaces: AdminWorkspace[];
  next?: string;
}

export interface GetWorkspaceLogEntry {
  at: number;
  state: WorkspaceState;
  reason: string;
}

export interface GetWorkspaceLogResult {
  entries: GetWorkspaceLogEntry[];
}

export interface AdminTemplate {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
  workspaces: number;
  image: string;
  image_is_set: boolean;
}

export interface ListAllTemplatesResult {
  templates: AdminTemplate[];
}

export interface UpdateTemplateBody {
  enabled?: boolean;
  image?: string;
}

export type ProviderKind =
  | 'oidc'
  | 'google'
  | 'github';

export interface AdminProvider {
  id: string;
  name: string;
  kind: ProviderKind;
  issuer: string;
  client_id: string;
  has_secret: boolean;
  scopes: string[];
  enabled: boolean;
  fixed: boolean;
  redirect: string;
  identities: number;
}

export interface ListProvidersResult {
  providers: AdminProvider[];
}

export interface PutProviderBody {
  name: string;
  kind: ProviderKind;
  issuer: string;
  client_id: string;
  client_secret?: string;
  scopes: string[];
  enabled: boolean;
}

export interface ServerLoad {
  id: string;
  address: string;
  release: string;
  answers: boolean;
  since: number;
  at: number;
  memory: number;
  processor: number;
  machine_load: number;
  processors: number;
  machine_memory: number;
  machine_free: number;
  windows: number;
  previews: number;
  requests: number;
  requests_failed: number;
  requests_running: number;
  sent: number;
  received: number;
}

export interface GetLoadResult {
  at: number;
  servers: ServerLoad[];
  workspaces: Record<string, number>;
  accounts: number;
  disabled_accounts: number;
  backend: string;
}

/** Requests a client sends. */
export interface Requests {
  /** The first message of a connection: exchanges versions and resumes an earlier session after a drop. */
  'session/hello': { params: SessionHelloParams; result: SessionHelloResult };
  /** Measures the round trip; also keeps middle boxes from closing the connection. */
  'session/ping': { params: Empty; result: Empty };
  /** All terminals of the workspace, also those that other windows opened. */
  'terminal/list': { params: Empty; result: TerminalListResult };
  /** Starts a program on a new PTY: the login shell, or a command run by it. It lives on until it ends or is closed. */
  'terminal/open': { params: TerminalOpenParams; result: TerminalOpenResult };
  /** Opens a channel to a terminal. Output runs from the runner's side in data frames as credit allows; keys go the other way with offsets, so a resumed session's keys arrive once. `end` follows the last byte after the program ended. A viewer without the bytes before gets the screen and its scrollback first, on a channel of their own. */
  'terminal/attach': { params: TerminalAttachParams; result: TerminalAttachResult };
  /** Closes this session's channel to a terminal; the program goes on. */
  'terminal/detach': { params: TerminalDetachParams; result: Empty };
  /** Says how large this session shows it. The PTY has the leader's size, else the smallest columns and rows of all attached sessions that may type; all are told. */
  'terminal/resize': { params: TerminalResizeParams; result: Empty };
  /** This session's size becomes the terminal's, until another one leads, it gives that up or detaches. */
  'terminal/lead': { params: TerminalLeadParams; result: Empty };
  /** Names a terminal; an empty title gives it back to the program. */
  'terminal/rename': { params: TerminalRenameParams; result: Empty };
  /** Hangs up and forgets a terminal; what ignores SIGHUP is killed after 2 s. */
  'terminal/close': { params: TerminalCloseParams; result: Empty };
  /** A page of a directory, directories first, then by name without regard to case. */
  'file/list': { params: FileListParams; result: FileListResult };
  /** One entry and its etag. */
  'file/stat': { params: FileStatParams; result: FileStatResult };
  /** Streams a range of a file on a new channel, then `end`; `abort` if reading fails midway. */
  'file/read': { params: FileReadParams; result: FileReadResult };
  /** Begins a whole-file write: send data frames and `end` on the channel, then file/commit puts it in place atomically. Parents are made. A dropped connection leaves the old file as it was. */
  'file/write': { params: FileWriteParams; result: FileWriteResult };
  /** Ends a file/write after its `end` frame: fsync and rename; the etag is checked again. */
  'file/commit': { params: FileCommitParams; result: FileCommitResult };
  /** Makes a directory and its parents; already_exists when it is there. */
  'file/create_directory': { params: FileCreateDirectoryParams; result: Empty };
  /** Moves a file or directory; open documents follow. */
  'file/rename': { params: FileRenameParams; result: Empty };
  /** Copies a file or a whole directory; never overwrites. */
  'file/copy': { params: FileCopyParams; result: Empty };
  /** Moves to the trash (freedesktop.org Trash in home), or deletes for good. */
  'file/delete': { params: FileDeleteParams; result: FileDeleteResult };
  /** Puts a trashed entry back where it was; already_exists when its place is taken. */
  'file/undelete': { params: FileUndeleteParams; result: FileUndeleteResult };
  /** Reports changes of one directory's entries (not of its subdirectories') until file/unwatch. */
  'file/watch': { params: FileWatchParams; result: FileWatchResult };
  /** Ends a file/watch. */
  'file/unwatch': { params: FileUnwatchParams; result: Empty };
  /** Opens a text file as a document that the runner owns; every session that opens the path shares it. Binary files are `unsupported` (offer to download them). A client that comes back says what it has and gets the changes since, as far as they are remembered, else the text. */
  'document/open': { params: DocumentOpenParams; result: DocumentOpenResult };
  /** Applies one operation. The answer means: journalled (fsynced). An older base is brought around what was accepted since; what was accepted first stands first where both insert at one place. A client has one edit of a document in flight. A repeated operation_id is answered again, not applied again. A base that is no longer remembered is refused as stale_base: open the document again and bring the person's text there. The answer and every document/changed of a document come in the order of versions. */
  'document/edit': { params: DocumentEditParams; result: DocumentEditResult };
  /** Writes the document to its file now instead of within autosave's second. */
  'document/save': { params: DocumentSaveParams; result: DocumentSaveResult };
  /** Changes how the document is written to disk: its encoding, its line ending, or both. */
  'document/convert': { params: DocumentConvertParams; result: Empty };
  /** This session no longer shows the document; the last one to close it has it written and forgotten. */
  'document/close': { params: DocumentCloseParams; result: Empty };
  /** A piece of a file that is too large to be a document, decoded to whole lines as far as a page holds them. Reads the file as it is now; a changed etag says that earlier pages may not fit any more. */
  'document/page': { params: DocumentPageParams; result: DocumentPageResult };
  /** Everybody who is here, this session too. From then on presence/changed and presence/left are sent. */
  'presence/list': { params: Empty; result: PresenceListResult };
  /** Where this session is now, whole. Positions hold for a version of the document that the client has (its unsent edits taken off); the runner brings them to the newest. */
  'presence/set': { params: PresenceSetParams; result: Empty };
  /** TCP ports that programs of the workspace listen on. */
  'port/list': { params: Empty; result: PortListResult };
  /** Opens a channel that is one TCP connection to a port of the workspace's loopback. */
  'port/tunnel': { params: PortTunnelParams; result: PortTunnelResult };
  /** Begins to look through files, with ripgrep; what is found comes in search/found, the end in search/ended. Text in open documents counts as it is in them, saved or not. A session has one search at a time: a new one ends the one before. */
  'search/text': { params: SearchTextParams; result: SearchTextResult };
  /** Ends a search; nothing more of it comes. */
  'search/cancel': { params: SearchCancelParams; result: Empty };
  /** Replaces in these files, each as one edit of its document that is journalled and saved; windows that have it open see it come. search/undo_replace takes all of it back. */
  'search/replace': { params: SearchReplaceParams; result: SearchReplaceResult };
  /** Takes back what a search/replace changed, except where the same place was changed again since: those are in `problems`. */
  'search/undo_replace': { params: SearchUndoReplaceParams; result: SearchUndoReplaceResult };
  /** What idle stop is decided by. */
  'control/activity': { params: Empty; result: ControlActivityResult };
  /** Passes a session/notice to every session. */
  'control/notice': { params: SessionNoticeParams; result: Empty };
  /** Writes every open document to disk; the answer comes when all are. Called before a stop. */
  'control/flush': { params: Empty; result: ControlFlushResult };
  /** What this home was last stored as or restored from. */
  'sync/state': { params: Empty; result: SyncStateResult };
  /** Answers as soon as the home has changed since `seen` and has been still for a moment, or after `timeout`. */
  'sync/wait': { params: SyncWaitParams; result: SyncWaitResult };
  /** Reads what changed in the home and names its root; the objects stay readable until the next snapshot. */
  'sync/snapshot': { params: SyncSnapshotParams; result: SyncSnapshotResult };
  /** Opens a channel with these objects of the last snapshot, in this order, as stored_object.hpp frames them. */
  'sync/objects': { params: SyncObjectsParams; result: SyncObjectsResult };
  /** The snapshot with this root is stored and committed as a version; documents it holds are stored now. */
  'sync/stored': { params: SyncStoredParams; result: Empty };
  /** Storing does not work at the moment, and why; "" when it works again. Passed on to every session. */
  'sync/problem': { params: SyncProblemParams; result: Empty };
  /** A restore begins, or one that was interrupted goes on; storing rests until it has ended. */
  'restore/begin': { params: RestoreBeginParams; result: Empty };
  /** The next entries, parents before children; answers which chunks are neither in the home nor arrived yet. */
  'restore/entries': { params: RestoreEntriesParams; result: RestoreEntriesResult };
  /** Opens a channel on which the server sends needed chunks, framed as stored_object.hpp says, and ends it. */
  'restore/objects': { params: Empty; result: RestoreObjectsResult };
  /** Puts the entries announced since the last write in place; those that lack a chunk are named and left. */
  'restore/write': { params: Empty; result: RestoreWriteResult };
  /** Moves away what the version does not have below the restored path, sets directories' times, syncs the disk. */
  'restore/end': { params: RestoreEndParams; result: RestoreEndResult };
  /** Clones a git URL, or unpacks an archive that lies in the home, into an empty project folder. */
  'import/begin': { params: ImportBeginParams; result: Empty };
}

/** Notifications a runner sends. */
export interface Notifications {
  /** Something the person should know; an idle_warning is answered by POST /api/v1/workspaces/{id}/stay. */
  'session/notice': SessionNoticeParams;
  /** Whether all that lies in the home is stored as a version, is being stored, or waits because storing does not work; after hello and on each change. */
  'workspace/storage': WorkspaceStorageParams;
  /** How far a git clone or an upload's unpacking has come; the last one has `finished`. */
  'workspace/import': WorkspaceImportParams;
  /** A terminal was opened, renamed, resized or ended, its directory, viewers or leader changed. */
  'terminal/changed': TerminalChangedParams;
  /** A terminal was closed and is gone from the list. */
  'terminal/closed': TerminalClosedParams;
  /** Entries of a watched directory changed. `overflow`: too many to tell, list the directory again. `degraded`: now polled. */
  'file/changed': FileChangedParams;
  /** Another session or the disk changed the document; apply it to the version before. Sent once it is journalled. */
  'document/changed': DocumentChangedParams;
  /** How safe the text is, after each step: journalled (survives any process's death), on disk, and stored (survives the loss of the disk). Also sent when the file is moved, deleted, converted, or can't be written. */
  'document/state': DocumentStateParams;
  /** Somebody came, moved, dropped or came back. Positions hold for `version`, which this session has been told of; later changes of the document move them. */
  'presence/changed': PresenceChangedParams;
  /** A window was closed, or did not come back. */
  'presence/left': PresenceLeftParams;
  /** The list of listening ports changed (noticed within a second). */
  'port/changed': PortChangedParams;
  /** More of what a search finds; to the session that asked. */
  'search/found': SearchFoundParams;
  /** A search has looked through everything, or could not. */
  'search/ended': SearchEndedParams;
}

/** The REST API, by route name. */
export interface Routes {
  /** GET /api/v1/server — What a client must know before signing in. */
  GetServer: { body: NoBody; result: ServerInfo };
  /** POST /api/v1/setup — Makes the first administrator with the one-time token that berthd printed. */
  Setup: { body: SetupBody; result: SignedIn };
  /** POST /api/v1/auth/register — Makes an account and signs it in; permission_denied while registration is closed. */
  Register: { body: RegisterBody; result: SignedIn };
  /** POST /api/v1/auth/sign_in — Signs in by e-mail and password; throttled per account and address. */
  SignIn: { body: SignInBody; result: SignedIn };
  /** POST /api/v1/auth/refresh — Trades a refresh token (body, or cookie) for a new pair. */
  Refresh: { body: RefreshBody; result: SignedIn };
  /** POST /api/v1/auth/sign_out — Ends this sign-in and its open connections. */
  SignOut: { body: NoBody; result: NoBody };
  /** POST /api/v1/auth/sign_out_everywhere — Ends every sign-in of the account, this one too. */
  SignOutEverywhere: { body: NoBody; result: NoBody };
  /** GET /api/v1/me — The signed-in account. */
  GetMe: { body: NoBody; result: Account };
  /** PATCH /api/v1/me — Changes the profile. Another e-mail address takes the password (and a code); where the server sends mails, it is `pending_email` until the link in the mail to it is opened. The address that the account has drops one that waits. */
  UpdateMe: { body: UpdateMeBody; result: Account };
  /** POST /api/v1/me/password — Changes the password; ends every other sign-in. */
  ChangePassword: { body: ChangePasswordBody; result: NoBody };
  /** GET /api/v1/settings — The server's settings. */
  GetSettings: { body: NoBody; result: Settings };
  /** PATCH /api/v1/settings — Changes settings; absent ones stay. */
  UpdateSettings: { body: UpdateSettingsBody; result: Settings };
  /** GET /api/v1/templates — What a workspace can be made from. */
  ListTemplates: { body: NoBody; result: ListTemplatesResult };
  /** GET /api/v1/workspaces — The account's workspaces, those of its teams and those shared with it, last used first. Query: query (part of name or id), owner (id of a person or team), cursor, limit (1..200; 100 when absent). */
  ListWorkspaces: { body: NoBody; result: ListWorkspacesResult };
  /** POST /api/v1/workspaces — Makes a workspace from a template, a git repository or another workspace's version and starts it, unless told not to. */
  CreateWorkspace: { body: CreateWorkspaceBody; result: Workspace };
  /** GET /api/v1/workspaces/{id} — One workspace. */
  GetWorkspace: { body: NoBody; result: Workspace };
  /** PATCH /api/v1/workspaces/{id} — Renames a workspace. */
  UpdateWorkspace: { body: UpdateWorkspaceBody; result: Workspace };
  /** DELETE /api/v1/workspaces/{id} — Stops a workspace and deletes its files for good. */
  DeleteWorkspace: { body: NoBody; result: NoBody };
  /** POST /api/v1/workspaces/{id}/start — Starts it; answers when it runs or has failed, or after 20 s with what it is doing. */
  StartWorkspace: { body: NoBody; result: Workspace };
  /** POST /api/v1/workspaces/{id}/stop — Writes all open documents, then stops it. */
  StopWorkspace: { body: NoBody; result: Workspace };
  /** POST /api/v1/workspaces/{id}/stay — Answers an idle warning: the idle time starts anew. */
  StayWorkspace: { body: NoBody; result: Workspace };
  /** POST /api/v1/workspaces/{id}/previews — A URL that signs this person's browser in to the preview of a port; good once, for 60 s. */
  CreatePreview: { body: CreatePreviewBody; result: CreatePreviewResult };
  /** GET /api/v1/workspaces/{id}/files — A page of a directory. Query: path, cursor, limit. */
  ListFiles: { body: NoBody; result: FileListResult };
  /** GET /api/v1/workspaces/{id}/file — A file's bytes with ETag; Range and If-None-Match are honoured. Query: path. */
  GetFile: { body: NoBody; result: Blob };
  /** PUT /api/v1/workspaces/{id}/file — Writes a file atomically; If-Match and If-None-Match: * guard it. Query: path. Body: the bytes. */
  PutFile: { body: Blob; result: FileCommitResult };
  /** DELETE /api/v1/workspaces/{id}/file — Moves a file or directory to the trash. Query: path. */
  DeleteFile: { body: NoBody; result: FileDeleteResult };
  /** GET /api/v1/workspaces/{id}/versions — Newest first. Query: path (only versions in which this file or folder changed), cursor, limit (1..200). */
  ListVersions: { body: NoBody; result: ListVersionsResult };
  /** POST /api/v1/workspaces/{id}/versions — Stores what is there now and gives it a name; kept for ever. Of a stopped workspace: what it stored last. */
  CreateVersion: { body: CreateVersionBody; result: Version };
  /** PATCH /api/v1/workspaces/{id}/versions/{version} — Names a version; an empty name makes it an automatic one again. */
  UpdateVersion: { body: UpdateVersionBody; result: Version };
  /** GET /api/v1/workspaces/{id}/versions/{version}/changes — Files that differ. Query: against (a version id; the one before when absent), path (only below it). */
  ListVersionChanges: { body: NoBody; result: ListVersionChangesResult };
  /** GET /api/v1/workspaces/{id}/versions/{version}/files — A page of a directory of a version. Query: path, cursor, limit. */
  ListVersionFiles: { body: NoBody; result: FileListResult };
  /** GET /api/v1/workspaces/{id}/versions/{version}/file — A file's bytes as they were, with ETag; Range and If-None-Match are honoured. Query: path. */
  GetVersionFile: { body: NoBody; result: Blob };
  /** POST /api/v1/workspaces/{id}/versions/{version}/restore — Brings a file, a folder or everything back, as a new version. What was there is stored first. A stopped workspace's home has it at its next start. */
  RestoreVersion: { body: RestoreVersionBody; result: RestoreVersionResult };
  /** GET /api/v1/workspaces/{id}/archive — Everything, a folder or a file as an archive. Query: format (zip, tar.gz, tar.zst), path, version (what is there now when absent). The answer's header Berth-Notice, a sentence, is there when that could not be stored or reached: then the files are read one by one, or those of the last version. */
  GetArchive: { body: NoBody; result: Blob };
  /** POST /api/v1/workspaces/import — Makes a workspace of an uploaded archive. Query: name, template_id, format (zip, tar, tar.gz, tar.xz, tar.zst), team (id; whose it is to be). Body: the archive. */
  ImportWorkspace: { body: Blob; result: Workspace };
  /** GET /api/v1/me/storage — What the account's versions take, deduplicated and compressed. */
  GetStorage: { body: NoBody; result: GetStorageResult };
  /** GET /api/v1/me/sign_ins — Where this account is signed in, last used first. */
  ListSignIns: { body: NoBody; result: ListSignInsResult };
  /** DELETE /api/v1/me/sign_ins/{id} — Ends one sign-in and its open connections. */
  EndSignIn: { body: NoBody; result: NoBody };
  /** GET /api/v1/me/tokens — The account's personal access tokens, newest first; expired ones too. */
  ListTokens: { body: NoBody; result: ListTokensResult };
  /** POST /api/v1/me/tokens — Makes a personal access token, for `Authorization: Bearer`; its secret is in this answer only. */
  CreateToken: { body: CreateTokenBody; result: CreateTokenResult };
  /** DELETE /api/v1/me/tokens/{id} — Revokes a token; what stands on it is closed at once. */
  DeleteToken: { body: NoBody; result: NoBody };
  /** GET /api/v1/me/second_factor — Whether signing in needs a code, and how many recovery codes are left. */
  GetSecondFactor: { body: NoBody; result: GetSecondFactorResult };
  /** POST /api/v1/me/second_factor/begin — Makes a TOTP secret (RFC 6238), not in force before it is confirmed; begun again, it is another one. */
  BeginSecondFactor: { body: BeginSecondFactorBody; result: BeginSecondFactorResult };
  /** POST /api/v1/me/second_factor/confirm — Puts the second factor in force; gives recovery codes. */
  ConfirmSecondFactor: { body: ConfirmSecondFactorBody; result: RecoveryCodes };
  /** POST /api/v1/me/second_factor/disable — Removes the second factor and its recovery codes. */
  DisableSecondFactor: { body: DisableSecondFactorBody; result: NoBody };
  /** POST /api/v1/me/second_factor/recovery_codes — New recovery codes; the old ones are worth nothing any more. */
  RenewRecoveryCodes: { body: RenewRecoveryCodesBody; result: RecoveryCodes };
  /** POST /api/v1/auth/second_factor — Finishes a sign-in that was begun by a provider or a reset link: `pending` lives 5 min, good once. */
  FinishSignIn: { body: FinishSignInBody; result: SignedIn };
  /** GET /api/v1/me/preferences — The person's settings, the same in all clients. */
  GetPreferences: { body: NoBody; result: Preferences };
  /** PATCH /api/v1/me/preferences — Changes some of the person's settings, as far as nobody changed them later; answers with all. 500 of them at most. */
  UpdatePreferences: { body: UpdatePreferencesBody; result: Preferences };
  /** GET /api/v1/workspaces/{id}/members — Who is in the workspace; to its owner also its invitations and links. */
  ListMembers: { body: NoBody; result: ListMembersResult };
  /** POST /api/v1/workspaces/{id}/members — Shares with the account of this e-mail address, or invites whoever proves to have the address; an invitation is good for 14 days and once. */
  AddMember: { body: AddMemberBody; result: AddMemberResult };
  /** PATCH /api/v1/workspaces/{id}/members/{account} — Changes a member's role; open windows come back with the new one within a second. */
  UpdateMember: { body: UpdateMemberBody; result: Member };
  /** DELETE /api/v1/workspaces/{id}/members/{account} — The owner takes somebody out, or a member leaves; open windows end within a second. */
  RemoveMember: { body: NoBody; result: NoBody };
  /** DELETE /api/v1/workspaces/{id}/invitations/{invitation} — Takes an invitation back. */
  DeleteInvitation: { body: NoBody; result: NoBody };
  /** POST /api/v1/workspaces/{id}/links — Makes a link by which anybody with an account joins; its URL is shown this once. */
  CreateLink: { body: CreateLinkBody; result: CreateLinkResult };
  /** DELETE /api/v1/workspaces/{id}/links/{link} — Ends a link; who joined by it stays a member. */
  DeleteLink: { body: NoBody; result: NoBody };
  /** POST /api/v1/join — Becomes a member by the token of a link or an invitation; a role one has is never lowered. */
  Join: { body: JoinBody; result: Workspace };
  /** POST /api/v1/workspaces/{id}/transfer — Makes a member, or a team of the owner, its owner; who was it becomes an editor. Only while it is stopped: its stored versions move to the new owner's storage. The new owner's limits hold. */
  TransferWorkspace: { body: TransferWorkspaceBody; result: Workspace };
  /** PUT /api/v1/workspaces/{id}/public — Whether anybody with a link sees the project's code as it was stored last. Disabling ends the link; enabling again makes another one. */
  SetPublic: { body: SetPublicBody; result: SetPublicResult };
  /** GET /api/v1/public/{token} — A project that was made public, as it was stored last. */
  GetPublic: { body: NoBody; result: PublicWorkspace };
  /** GET /api/v1/public/{token}/files — A page of one of its folders. Query: path (project or below; project when absent), cursor, limit. */
  ListPublicFiles: { body: NoBody; result: FileListResult };
  /** GET /api/v1/public/{token}/file — One of its files' bytes, with ETag; Range and If-None-Match are honoured. Query: path (below project). */
  GetPublicFile: { body: NoBody; result: Blob };
  /** GET /api/v1/workspaces/{id}/ports — Who may see which port; ports that are not named are private. */
  GetPorts: { body: NoBody; result: GetPortsResult };
  /** PATCH /api/v1/workspaces/{id}/ports — Says who may see these ports: private (owner and editors), people (all members) or public (anybody). Open previews and links that it excludes end within a second; private also ends the port's links. */
  UpdatePorts: { body: UpdatePortsBody; result: GetPortsResult };
  /** POST /api/v1/workspaces/{id}/ports/{port}/links — A URL that shows this port to anybody until it expires, at most 24 h from now. */
  CreatePortLink: { body: CreatePortLinkBody; result: CreatePortLinkResult };
  /** GET /api/v1/teams — The teams of the account, by name. */
  ListTeams: { body: NoBody; result: ListTeamsResult };
  /** POST /api/v1/teams — Makes a team whose first owner is the account. */
  CreateTeam: { body: CreateTeamBody; result: Team };
  /** GET /api/v1/teams/{id} — A team, with what it has and may have. */
  GetTeam: { body: NoBody; result: GetTeamResult };
  /** PATCH /api/v1/teams/{id} — Renames a team. */
  UpdateTeam: { body: UpdateTeamBody; result: Team };
  /** DELETE /api/v1/teams/{id} — Ends a team; conflict while it has workspaces. */
  DeleteTeam: { body: NoBody; result: NoBody };
  /** GET /api/v1/teams/{id}/members — Who is in the team; to its owners also its invitations. */
  ListTeamMembers: { body: NoBody; result: ListTeamMembersResult };
  /** POST /api/v1/teams/{id}/members — Adds the account of this e-mail address, or invites whoever proves to have the address; an invitation is good for 14 days and once. */
  AddTeamMember: { body: AddTeamMemberBody; result: AddMemberResult };
  /** PATCH /api/v1/teams/{id}/members/{account} — Changes a member's role; open windows come back with the new one within a second. conflict for the last owner. */
  UpdateTeamMember: { body: UpdateTeamMemberBody; result: Member };
  /** DELETE /api/v1/teams/{id}/members/{account} — An owner takes somebody out, or a member leaves; open windows end within a second. conflict for the last owner. */
  RemoveTeamMember: { body: NoBody; result: NoBody };
  /** DELETE /api/v1/teams/{id}/invitations/{invitation} — Takes an invitation back. */
  DeleteTeamInvitation: { body: NoBody; result: NoBody };
  /** POST /api/v1/teams/join — Becomes a member by the token of an invitation; a role one has is never lowered. */
  JoinTeam: { body: JoinTeamBody; result: Team };
  /** GET /api/v1/teams/{id}/templates — What workspaces of the team can begin as. */
  ListTeamTemplates: { body: NoBody; result: ListTeamTemplatesResult };
  /** PUT /api/v1/teams/{id}/templates/{workspace} — Offers a workspace of the team as a template, or changes how. A version it names must have a name, so that it is kept. */
  PutTeamTemplate: { body: PutTeamTemplateBody; result: TeamTemplate };
  /** DELETE /api/v1/teams/{id}/templates/{workspace} — Offers it no longer; the workspace stays. */
  DeleteTeamTemplate: { body: NoBody; result: NoBody };
  /** POST /api/v1/me/email/verification — Sends (again) the mail whose link proves that the account's e-mail address is its own. */
  SendVerification: { body: NoBody; result: NoBody };
  /** POST /api/v1/auth/verify_email — Proves an e-mail address with the token of its mail; not_found when it is used up or too old. */
  VerifyEmail: { body: VerifyEmailBody; result: NoBody };
  /** POST /api/v1/auth/forgot_password — Sends a link that sets a new password, where there is an account of this address; the answer is the same where there is none. */
  ForgotPassword: { body: ForgotPasswordBody; result: NoBody };
  /** POST /api/v1/auth/reset_password — Sets a new password with the token of a mail (good once, for 30 minutes), ends every sign-in and token of the account, and signs in; not_found when the token is used up or too old, unauthenticated with data.second_factor = required and data.pending for POST /auth/second_factor. */
  ResetPassword: { body: ResetPasswordBody; result: SignedIn };
  /** GET /api/v1/auth/providers/{id}/begin — For browsers: 303 to the provider's page. Query: to (where to go then, a path of the IDE). */
  BeginProviderSignIn: { body: NoBody; result: Blob };
  /** GET /api/v1/auth/providers/{id}/callback — Where the provider sends the browser back: 303 into the IDE, signed in, or to /link?pending=…, /sign-in?pending=… (second factor) or /sign-in?problem=…. Query: code, state, iss, error. */
  EndProviderSignIn: { body: NoBody; result: Blob };
  /** POST /api/v1/auth/link — Proves, by its password, the account that has an identity's e-mail address; links the two and signs in. In the browser that began; `unauthenticated` with data.second_factor as sign_in says it. */
  LinkIdentity: { body: LinkIdentityBody; result: SignedIn };
  /** GET /api/v1/me/identities — The identities that may sign in to this account. */
  ListIdentities: { body: NoBody; result: ListIdentitiesResult };
  /** POST /api/v1/me/identities — Begins linking one more identity, in a browser: go to the url. It ends in the account's page. Takes the password (and a code): an identity is a way in that stays. */
  BeginIdentity: { body: BeginIdentityBody; result: BeginIdentityResult };
  /** DELETE /api/v1/me/identities/{id} — Unlinks one; conflict when it is the only way in. */
  DeleteIdentity: { body: NoBody; result: NoBody };
  /** POST /api/v1/auth/native/begin — For a program that listens on its own machine (RFC 8252): gives the page to open in a browser, where the person agrees. */
  BeginNativeSignIn: { body: BeginNativeSignInBody; result: BeginNativeSignInResult };
  /** POST /api/v1/auth/native/token — Trades the code that came to the loopback address; good once. */
  TakeNativeSignIn: { body: TakeNativeSignInBody; result: SignedIn };
  /** GET /api/v1/auth/native/{id} — Which program asks; not_found when it has been answered. */
  GetNativeRequest: { body: NoBody; result: SignInRequest };
  /** POST /api/v1/auth/native/{id} — Lets the program sign in as this account, or doesn't; go to `redirect` then, which is the program's own address. */
  AnswerNativeRequest: { body: AnswerNativeRequestBody; result: AnswerNativeRequestResult };
  /** POST /api/v1/auth/device/begin — For a device without a browser (RFC 8628): a code to show to the person and one to ask with. */
  BeginDeviceSignIn: { body: NoBody; result: BeginDeviceSignInResult };
  /** POST /api/v1/auth/device/token — Asks whether the person has agreed: unavailable with data.device = pending or slow_down, permission_denied when refused, not_found when it is over. */
  TakeDeviceSignIn: { body: TakeDeviceSignInBody; result: SignedIn };
  /** GET /api/v1/auth/device/{id} — Which device shows this code; not_found for any other. */
  GetDeviceRequest: { body: NoBody; result: SignInRequest };
  /** POST /api/v1/auth/device/{id} — Lets the device sign in as this account, or doesn't. */
  AnswerDeviceRequest: { body: AnswerDeviceRequestBody; result: NoBody };
  /** GET /api/v1/admin/audit — The audit log, newest first. Query: actor (id or e-mail), action, workspace, since and until (Unix ms), cursor, limit (1..500). */
  ListAudit: { body: NoBody; result: ListAuditResult };
  /** GET /api/v1/admin/audit/export — The same as NDJSON, an AuditEntry a line, all of it. Query as for the list, without cursor and limit. */
  ExportAudit: { body: NoBody; result: Blob };
  /** GET /api/v1/admin/accounts — Accounts by e-mail, teams by name. Query: query (part of e-mail, name or id), kind (person or team; both when absent), cursor, limit (1..200). */
  ListAccounts: { body: NoBody; result: ListAccountsResult };
  /** PATCH /api/v1/admin/accounts/{id} — Disables, enables, promotes or demotes an account, or sets its quota (all of it; what is absent in it is as the settings say). Disabling ends its sign-ins and stops its workspaces; conflict for the last administrator. */
  UpdateAccount: { body: UpdateAccountBody; result: AdminAccount };
  /** POST /api/v1/admin/accounts/{id}/reset — A one-time link by which the person sets a password. The old password, linked identities (but where people sign in by them only), sign-ins and access tokens end at once; the second factor goes when asked to. */
  ResetAccount: { body: ResetAccountBody; result: ResetAccountResult };
  /** POST /api/v1/admin/accounts/{id}/impersonate — Signs the administrator in as this account, for 30 min; never as another administrator. Ends with the administrator's own sign-in. */
  Impersonate: { body: ImpersonateBody; result: SignedIn };
  /** POST /api/v1/auth/end_impersonation — Ends acting as somebody else; a browser is signed in as the administrator again. */
  EndImpersonation: { body: NoBody; result: SignedIn };
  /** GET /api/v1/admin/workspaces — Everybody's workspaces. Query: query (part of name, id, or the owner's e-mail or name), state, cursor, limit (1..200). */
  ListAllWorkspaces: { body: NoBody; result: ListAllWorkspacesResult };
  /** POST /api/v1/admin/workspaces/{id}/stop — Stops a workspace as its owner would: everything is stored first. Answers when it is stopped, or after 20 s with what it is doing. */
  StopAnyWorkspace: { body: NoBody; result: AdminWorkspace };
  /** GET /api/v1/admin/workspaces/{id}/log — Its starts, ends and failures with their reasons, newest first; the last hundred. */
  GetWorkspaceLog: { body: NoBody; result: GetWorkspaceLogResult };
  /** GET /api/v1/workspaces/{id}/log — The same for who owns the workspace: its starts, ends and failures with their reasons, newest first; the last hundred. */
  GetOwnWorkspaceLog: { body: NoBody; result: GetWorkspaceLogResult };
  /** GET /api/v1/admin/templates — Every template, with those that are not offered. */
  ListAllTemplates: { body: NoBody; result: ListAllTemplatesResult };
  /** PATCH /api/v1/admin/templates/{id} — Offers a template for new workspaces, or not; those that were made from it go on. Sets the image that its workspaces run in from their next start ("": the installation's again). */
  UpdateTemplate: { body: UpdateTemplateBody; result: AdminTemplate };
  /** GET /api/v1/admin/providers — The identity providers by which people can sign in. */
  ListProviders: { body: NoBody; result: ListProvidersResult };
  /** PUT /api/v1/admin/providers/{id} — Adds an identity provider or changes one; an issuer must answer with its discovery document. conflict for one that the configuration fixes. */
  PutProvider: { body: PutProviderBody; result: AdminProvider };
  /** DELETE /api/v1/admin/providers/{id} — Takes a provider away; who is linked to it can't sign in by it until it is there again. */
  DeleteProvider: { body: NoBody; result: NoBody };
  /** GET /api/v1/admin/load — What the servers carry now; ask again every few seconds. */
  GetLoad: { body: NoBody; result: GetLoadResult };
}

export const routes: Record<keyof Routes, { method: string; path: string }> = {
  GetServer: { method: 'GET', path: '/api/v1/server' },
  Setup: { method: 'POST', path: '/api/v1/setup' },
  Register: { method: 'POST', path: '/api/v1/auth/register' },
  SignIn: { method: 'POST', path: '/api/v1/auth/sign_in' },
  Refresh: { method: 'POST', path: '/api/v1/auth/refresh' },
  SignOut: { method: 'POST', path: '/api/v1/auth/sign_out' },
  SignOutEverywhere: { method: 'POST', path: '/api/v1/auth/sign_out_everywhere' },
  GetMe: { method: 'GET', path: '/api/v1/me' },
  UpdateMe: { method: 'PATCH', path: '/api/v1/me' },
  ChangePassword: { method: 'POST', path: '/api/v1/me/password' },
  GetSettings: { method: 'GET', path: '/api/v1/settings' },
  UpdateSettings: { method: 'PATCH', path: '/api/v1/settings' },
  ListTemplates: { method: 'GET', path: '/api/v1/templates' },
  ListWorkspaces: { method: 'GET', path: '/api/v1/workspaces' },
  CreateWorkspace: { method: 'POST', path: '/api/v1/workspaces' },
  GetWorkspace: { method: 'GET', path: '/api/v1/workspaces/{id}' },
  UpdateWorkspace: { method: 'PATCH', path: '/api/v1/workspaces/{id}' },
  DeleteWorkspace: { method: 'DELETE', path: '/api/v1/workspaces/{id}' },
  StartWorkspace: { method: 'POST', path: '/api/v1/workspaces/{id}/start' },
  StopWorkspace: { method: 'POST', path: '/api/v1/workspaces/{id}/stop' },
  StayWorkspace: { method: 'POST', path: '/api/v1/workspaces/{id}/stay' },
  CreatePreview: { method: 'POST', path: '/api/v1/workspaces/{id}/previews' },
  ListFiles: { method: 'GET', path: '/api/v1/workspaces/{id}/files' },
  GetFile: { method: 'GET', path: '/api/v1/workspaces/{id}/file' },
  PutFile: { method: 'PUT', path: '/api/v1/workspaces/{id}/file' },
  DeleteFile: { method: 'DELETE', path: '/api/v1/workspaces/{id}/file' },
  ListVersions: { method: 'GET', path: '/api/v1/workspaces/{id}/versions' },
  CreateVersion: { method: 'POST', path: '/api/v1/workspaces/{id}/versions' },
  UpdateVersion: { method: 'PATCH', path: '/api/v1/workspaces/{id}/versions/{version}' },
  ListVersionChanges: { method: 'GET', path: '/api/v1/workspaces/{id}/versions/{version}/changes' },
  ListVersionFiles: { method: 'GET', path: '/api/v1/workspaces/{id}/versions/{version}/files' },
  GetVersionFile: { method: 'GET', path: '/api/v1/workspaces/{id}/versions/{version}/file' },
  RestoreVersion: { method: 'POST', path: '/api/v1/workspaces/{id}/versions/{version}/restore' },
  GetArchive: { method: 'GET', path: '/api/v1/workspaces/{id}/archive' },
  ImportWorkspace: { method: 'POST', path: '/api/v1/workspaces/import' },
  GetStorage: { method: 'GET', path: '/api/v1/me/storage' },
  ListSignIns: { method: 'GET', path: '/api/v1/me/sign_ins' },
  EndSignIn: { method: 'DELETE', path: '/api/v1/me/sign_ins/{id}' },
  ListTokens: { method: 'GET', path: '/api/v1/me/tokens' },
  CreateToken: { method: 'POST', path: '/api/v1/me/tokens' },
  DeleteToken: { method: 'DELETE', path: '/api/v1/me/tokens/{id}' },
  GetSecondFactor: { method: 'GET', path: '/api/v1/me/second_factor' },
  BeginSecondFactor: { method: 'POST', path: '/api/v1/me/second_factor/begin' },
  ConfirmSecondFactor: { method: 'POST', path: '/api/v1/me/second_factor/confirm' },
  DisableSecondFactor: { method: 'POST', path: '/api/v1/me/second_factor/disable' },
  RenewRecoveryCodes: { method: 'POST', path: '/api/v1/me/second_factor/recovery_codes' },
  FinishSignIn: { method: 'POST', path: '/api/v1/auth/second_factor' },
  GetPreferences: { method: 'GET', path: '/api/v1/me/preferences' },
  UpdatePreferences: { method: 'PATCH', path: '/api/v1/me/preferences' },
  ListMembers: { method: 'GET', path: '/api/v1/workspaces/{id}/members' },
  AddMember: { method: 'POST', path: '/api/v1/workspaces/{id}/members' },
  UpdateMember: { method: 'PATCH', path: '/api/v1/workspaces/{id}/members/{account}' },
  RemoveMember: { method: 'DELETE', path: '/api/v1/workspaces/{id}/members/{account}' },
  DeleteInvitation: { method: 'DELETE', path: '/api/v1/workspaces/{id}/invitations/{invitation}' },
  CreateLink: { method: 'POST', path: '/api/v1/workspaces/{id}/links' },
  DeleteLink: { method: 'DELETE', path: '/api/v1/workspaces/{id}/links/{link}' },
  Join: { method: 'POST', path: '/api/v1/join' },
  TransferWorkspace: { method: 'POST', path: '/api/v1/workspaces/{id}/transfer' },
  SetPublic: { method: 'PUT', path: '/api/v1/workspaces/{id}/public' },
  GetPublic: { method: 'GET', path: '/api/v1/public/{token}' },
  ListPublicFiles: { method: 'GET', path: '/api/v1/public/{token}/files' },
  GetPublicFile: { method: 'GET', path: '/api/v1/public/{token}/file' },
  GetPorts: { method: 'GET', path: '/api/v1/workspaces/{id}/ports' },
  UpdatePorts: { method: 'PATCH', path: '/api/v1/workspaces/{id}/ports' },
  CreatePortLink: { method: 'POST', path: '/api/v1/workspaces/{id}/ports/{port}/links' },
  ListTeams: { method: 'GET', path: '/api/v1/teams' },
  CreateTeam: { method: 'POST', path: '/api/v1/teams' },
  GetTeam: { method: 'GET', path: '/api/v1/teams/{id}' },
  UpdateTeam: { method: 'PATCH', path: '/api/v1/teams/{id}' },
  DeleteTeam: { method: 'DELETE', path: '/api/v1/teams/{id}' },
  ListTeamMembers: { method: 'GET', path: '/api/v1/teams/{id}/members' },
  AddTeamMember: { method: 'POST', path: '/api/v1/teams/{id}/members' },
  UpdateTeamMember: { method: 'PATCH', path: '/api/v1/teams/{id}/members/{account}' },
  RemoveTeamMember: { method: 'DELETE', path: '/api/v1/teams/{id}/members/{account}' },
  DeleteTeamInvitation: { method: 'DELETE', path: '/api/v1/teams/{id}/invitations/{invitation}' },
  JoinTeam: { method: 'POST', path: '/api/v1/teams/join' },
  ListTeamTemplates: { method: 'GET', path: '/api/v1/teams/{id}/templates' },
  PutTeamTemplate: { method: 'PUT', path: '/api/v1/teams/{id}/templates/{workspace}' },
  DeleteTeamTemplate: { method: 'DELETE', path: '/api/v1/teams/{id}/templates/{workspace}' },
  SendVerification: { method: 'POST', path: '/api/v1/me/email/verification' },
  VerifyEmail: { method: 'POST', path: '/api/v1/auth/verify_email' },
  ForgotPassword: { method: 'POST', path: '/api/v1/auth/forgot_password' },
  ResetPassword: { method: 'POST', path: '/api/v1/auth/reset_password' },
  BeginProviderSignIn: { method: 'GET', path: '/api/v1/auth/providers/{id}/begin' },
  EndProviderSignIn: { method: 'GET', path: '/api/v1/auth/providers/{id}/callback' },
  LinkIdentity: { method: 'POST', path: '/api/v1/auth/link' },
  ListIdentities: { method: 'GET', path: '/api/v1/me/identities' },
  BeginIdentity: { method: 'POST', path: '/api/v1/me/identities' },
  DeleteIdentity: { method: 'DELETE', path: '/api/v1/me/identities/{id}' },
  BeginNativeSignIn: { method: 'POST', path: '/api/v1/auth/native/begin' },
  TakeNativeSignIn: { method: 'POST', path: '/api/v1/auth/native/token' },
  GetNativeRequest: { method: 'GET', path: '/api/v1/auth/native/{id}' },
  AnswerNativeRequest: { method: 'POST', path: '/api/v1/auth/native/{id}' },
  BeginDeviceSignIn: { method: 'POST', path: '/api/v1/auth/device/begin' },
  TakeDeviceSignIn: { method: 'POST', path: '/api/v1/auth/device/token' },
  GetDeviceRequest: { method: 'GET', path: '/api/v1/auth/device/{id}' },
  AnswerDeviceRequest: { method: 'POST', path: '/api/v1/auth/device/{id}' },
  ListAudit: { method: 'GET', path: '/api/v1/admin/audit' },
  ExportAudit: { method: 'GET', path: '/api/v1/admin/audit/export' },
  ListAccounts: { method: 'GET', path: '/api/v1/admin/accounts' },
  UpdateAccount: { method: 'PATCH', path: '/api/v1/admin/accounts/{id}' },
  ResetAccount: { method: 'POST', path: '/api/v1/admin/accounts/{id}/reset' },
  Impersonate: { method: 'POST', path: '/api/v1/admin/accounts/{id}/impersonate' },
  EndImpersonation: { method: 'POST', path: '/api/v1/auth/end_impersonation' },
  ListAllWorkspaces: { method: 'GET', path: '/api/v1/admin/workspaces' },
  StopAnyWorkspace: { method: 'POST', path: '/api/v1/admin/workspaces/{id}/stop' },
  GetWorkspaceLog: { method: 'GET', path: '/api/v1/admin/workspaces/{id}/log' },
  GetOwnWorkspaceLog: { method: 'GET', path: '/api/v1/workspaces/{id}/log' },
  ListAllTemplates: { method: 'GET', path: '/api/v1/admin/templates' },
  UpdateTemplate: { method: 'PATCH', path: '/api/v1/admin/templates/{id}' },
  ListProviders: { method: 'GET', path: '/api/v1/admin/providers' },
  PutProvider: { method: 'PUT', path: '/api/v1/admin/providers/{id}' },
  DeleteProvider: { method: 'DELETE', path: '/api/v1/admin/providers/{id}' },
  GetLoad: { method: 'GET', path: '/api/v1/admin/load' },
};
// prettier-ignore-end
