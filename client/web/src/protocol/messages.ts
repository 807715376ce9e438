// SPDX-License-Identifier: GPL-3.0-or-later
// Generated from protocol/messages.hpp and protocol/rest.hpp by generate_protocol; do not edit.
// prettier-ignore-start

export const version = { major: 1, minor: 1 } as const;
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

export interface ControlActivityResult {
  idle: number;
  cpu_percent: number;
  sessions: number;
  terminals: number;
  ports: Port[];
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

export interface ErrorBody {
  code: string;
  message: string;
  data: Record<string, string>;
}

export interface Error {
  error: ErrorBody;
}

export type NoBody = Record<string, never>;

export interface ServerInfo {
  release: string;
  setup_needed: boolean;
  registration_open: boolean;
  preview_host: string;
  preview_fallback: string;
  https: boolean;
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
}

export interface RefreshBody {
  refresh_token?: string;
}

export interface UpdateMeBody {
  name?: string;
  email?: string;
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
}

export interface UpdateSettingsBody {
  registration_open?: boolean;
  idle_stop_minutes?: number;
  maximum_life_minutes?: number;
  workspaces_per_account?: number;
  running_per_account?: number;
  storage_per_account?: number;
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
}

export interface ListWorkspacesResult {
  workspaces: Workspace[];
}

export interface CreateWorkspaceBody {
  name: string;
  template_id: string;
  start?: boolean;
  git_url?: string;
  from_workspace?: string;
  from_version?: string;
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
  /** PATCH /api/v1/me — Changes the profile. */
  UpdateMe: { body: UpdateMeBody; result: Account };
  /** POST /api/v1/me/password — Changes the password; ends every other sign-in. */
  ChangePassword: { body: ChangePasswordBody; result: NoBody };
  /** GET /api/v1/settings — The server's settings. */
  GetSettings: { body: NoBody; result: Settings };
  /** PATCH /api/v1/settings — Changes settings; absent ones stay. */
  UpdateSettings: { body: UpdateSettingsBody; result: Settings };
  /** GET /api/v1/templates — What a workspace can be made from. */
  ListTemplates: { body: NoBody; result: ListTemplatesResult };
  /** GET /api/v1/workspaces — The account's workspaces, last used first. */
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
  /** POST /api/v1/workspaces/import — Makes a workspace of an uploaded archive. Query: name, template_id, format (zip, tar, tar.gz, tar.xz, tar.zst). Body: the archive. */
  ImportWorkspace: { body: Blob; result: Workspace };
  /** GET /api/v1/me/storage — What the account's versions take, deduplicated and compressed. */
  GetStorage: { body: NoBody; result: GetStorageResult };
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
};
// prettier-ignore-end
