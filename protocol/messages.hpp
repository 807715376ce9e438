// SPDX-License-Identifier: GPL-3.0-or-later
// Every control message between a client (or the server's control link) and a runner: the single source from
// which the TypeScript types and the reference in protocol/README.md are generated. A message is one struct
// here, one handler in the runner (a missing one does not compile) and one golden vector. Paths are relative
// to the workspace's home ("project/main.py"; "" is home); times are Unix milliseconds; sizes and offsets are
// bytes unless a comment says otherwise. std::optional fields may be absent.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/mp11/list.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::protocol {

/// What a connection may do; each includes the ones before. `server` is the control link's.
enum class Role { viewer, editor, owner, server };
BOOST_DESCRIBE_ENUM(Role, viewer, editor, owner, server)

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

// ---- session
// -------------------------------------------------------------------------------------------------------

struct Limits {
  std::uint64_t text_frame;      // bytes, client → runner
  std::uint64_t binary_payload;  // bytes a binary frame
  std::uint64_t open_channels;
  std::uint64_t pending_requests;
  std::uint64_t inline_document;    // UTF-8 bytes; longer texts arrive on a channel
  std::uint64_t editable_document;  // bytes on disk; larger files open read-only
};
BOOST_DESCRIBE_STRUCT(Limits, (),
                      (text_frame, binary_payload, open_channels, pending_requests, inline_document,
                       editable_document))

struct SessionHello {
  static constexpr std::string_view method = "session/hello";
  static constexpr std::string_view summary =
      "The first message of a connection: exchanges versions and resumes an earlier session after a drop.";
  static constexpr Role role = Role::viewer;
  struct Params {
    int protocol_major;
    int protocol_minor;
    std::string client;                  // "berth-desktop 0.1.0"
    std::optional<std::string> session;  // the id of the session to resume
  };
  struct Result {
    int protocol_major;
    int protocol_minor;
    std::string runner;   // "berth-runner 0.1.0"
    std::string session;  // keep it to resume; also the origin of this session's edits
    bool
        resumed;  // false: the runner does not know the session (it was restarted, or the session is too old)
    std::string workspace;
    std::string user_name;
    Role role;
    std::string home;  // absolute, for display and terminals
    Limits limits;
    std::vector<std::string> capabilities;
  };
};
BOOST_DESCRIBE_STRUCT(SessionHello::Params, (), (protocol_major, protocol_minor, client, session))
BOOST_DESCRIBE_STRUCT(SessionHello::Result, (),
                      (protocol_major, protocol_minor, runner, session, resumed, workspace, user_name, role,
                       home, limits, capabilities))

struct SessionPing {
  static constexpr std::string_view method = "session/ping";
  static constexpr std::string_view summary =
      "Measures the round trip; also keeps middle boxes from closing the connection.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  using Result = Empty;
};

enum class NoticeKind { info, idle_warning, stopping, resource };
BOOST_DESCRIBE_ENUM(NoticeKind, info, idle_warning, stopping, resource)

struct SessionNotice {
  static constexpr std::string_view method = "session/notice";
  static constexpr std::string_view summary =
      "Something the person should know; an idle_warning is answered by POST /api/v1/workspaces/{id}/stay.";
  struct Params {
    NoticeKind kind;
    std::string text;
    std::optional<std::int64_t> seconds_left;
  };
};
BOOST_DESCRIBE_STRUCT(SessionNotice::Params, (), (kind, text, seconds_left))

enum class StorageProgress { stored, storing, waiting };
BOOST_DESCRIBE_ENUM(StorageProgress, stored, storing, waiting)

struct WorkspaceStorage {
  static constexpr std::string_view method = "workspace/storage";
  static constexpr std::string_view summary =
      "Whether all that lies in the home is stored as a version, is being stored, or waits because storing "
      "does not "
      "work; after hello and on each change.";
  struct Params {
    StorageProgress progress;
    std::string version;  // the newest stored one, "" when there is none
    std::int64_t stored;  // when that was, 0 when there is none
    std::string problem;  // why it waits, for the person
  };
};
BOOST_DESCRIBE_STRUCT(WorkspaceStorage::Params, (), (progress, version, stored, problem))

struct WorkspaceImport {
  static constexpr std::string_view method = "workspace/import";
  static constexpr std::string_view summary =
      "How far a git clone or an upload's unpacking has come; the last one has `finished`.";
  struct Params {
    std::string text;               // one line, of the tool
    std::optional<double> percent;  // 0..100 where the tool says
    bool finished;
    std::optional<std::string> problem;  // why it failed, for the person
  };
};
BOOST_DESCRIBE_STRUCT(WorkspaceImport::Params, (), (text, percent, finished, problem))

// ---- terminal
// ------------------------------------------------------------------------------------------------------

struct TerminalInfo {
  std::string terminal;  // id
  std::string title;     // the person's name for it, else what the program set, else the shell's
  std::string command;   // as given to terminal/open; "" for a login shell
  int columns;
  int rows;
  bool running;
  std::optional<int> exit_code;
  std::optional<int> exit_signal;
  std::int64_t created;
};
BOOST_DESCRIBE_STRUCT(TerminalInfo, (),
                      (terminal, title, command, columns, rows, running, exit_code, exit_signal, created))

struct TerminalList {
  static constexpr std::string_view method = "terminal/list";
  static constexpr std::string_view summary =
      "All terminals of the workspace, also those that other windows opened.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  struct Result {
    std::vector<TerminalInfo> terminals;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalList::Result, (), (terminals))

struct TerminalOpen {
  static constexpr std::string_view method = "terminal/open";
  static constexpr std::string_view summary =
      "Starts a program on a new PTY: the login shell, or a command run by it. It lives on until it ends or "
      "is closed.";
  static constexpr Role role = Role::editor;
  struct Params {
    int columns;  // 1..1000
    int rows;     // 1..1000
    std::optional<std::string> cwd;
    std::optional<std::string> command;
    std::optional<std::map<std::string, std::string>> environment;
    std::optional<std::string> title;
  };
  struct Result {
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalOpen::Params, (), (columns, rows, cwd, command, environment, title))
BOOST_DESCRIBE_STRUCT(TerminalOpen::Result, (), (terminal))

struct TerminalAttach {
  static constexpr std::string_view method = "terminal/attach";
  static constexpr std::string_view summary =
      "Opens a channel to a terminal. Output runs from the runner's side in data frames as credit allows; "
      "keys go the other "
      "way with offsets, so a resumed session's keys arrive once. `end` follows the last byte after the "
      "program ended.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string terminal;
    std::uint64_t credit;                        // bytes of output the client takes at first
    std::optional<std::uint64_t> output_offset;  // resume here if the ring still has it
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t output_offset;  // stream offset of the first byte that will come
    bool lost;  // bytes between the asked-for offset and output_offset are gone: reset the screen first
    std::uint64_t input_offset;  // the next input byte expected from this session
    std::uint64_t input_limit;   // input credit
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalAttach::Params, (), (terminal, credit, output_offset))
BOOST_DESCRIBE_STRUCT(TerminalAttach::Result, (),
                      (channel, output_offset, lost, input_offset, input_limit, terminal))

struct TerminalDetach {
  static constexpr std::string_view method = "terminal/detach";
  static constexpr std::string_view summary =
      "Closes this session's channel to a terminal; the program goes on.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string terminal;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalDetach::Params, (), (terminal))

struct TerminalResize {
  static constexpr std::string_view method = "terminal/resize";
  static constexpr std::string_view summary =
      "Sets the PTY's size; the last one to ask wins and all are told.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
    int columns;
    int rows;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalResize::Params, (), (terminal, columns, rows))

struct TerminalRename {
  static constexpr std::string_view method = "terminal/rename";
  static constexpr std::string_view summary =
      "Names a terminal; an empty title gives it back to the program.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
    std::string title;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalRename::Params, (), (terminal, title))

struct TerminalClose {
  static constexpr std::string_view method = "terminal/close";
  static constexpr std::string_view summary =
      "Hangs up and forgets a terminal; what ignores SIGHUP is killed after 2 s.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalClose::Params, (), (terminal))

struct TerminalChanged {
  static constexpr std::string_view method = "terminal/changed";
  static constexpr std::string_view summary = "A terminal was opened, renamed, resized or ended.";
  struct Params {
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalChanged::Params, (), (terminal))

struct TerminalClosed {
  static constexpr std::string_view method = "terminal/closed";
  static constexpr std::string_view summary = "A terminal was closed and is gone from the list.";
  struct Params {
    std::string terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalClosed::Params, (), (terminal))

// ---- file
// ----------------------------------------------------------------------------------------------------------

enum class EntryType { file, directory, symlink, other };
BOOST_DESCRIBE_ENUM(EntryType, file, directory, symlink, other)

struct FileEntry {
  std::string name;
  EntryType type;
  std::uint64_t size;
  std::int64_t modified;
  std::uint32_t mode;                    // permission bits
  std::optional<std::string> target;     // of a symlink
  std::optional<EntryType> target_type;  // of a symlink that leads to something inside home
};
BOOST_DESCRIBE_STRUCT(FileEntry, (), (name, type, size, modified, mode, target, target_type))

struct FileList {
  static constexpr std::string_view method = "file/list";
  static constexpr std::string_view summary =
      "A page of a directory, directories first, then by name without regard to case.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::optional<std::string> cursor;   // from the page before
    std::optional<std::uint32_t> limit;  // entries a page: 1..10000, 2000 when absent
  };
  struct Result {
    std::vector<FileEntry> entries;
    std::uint64_t total;
    std::optional<std::string> cursor;  // present when there is more
  };
};
BOOST_DESCRIBE_STRUCT(FileList::Params, (), (path, cursor, limit))
BOOST_DESCRIBE_STRUCT(FileList::Result, (), (entries, total, cursor))

struct FileStat {
  static constexpr std::string_view method = "file/stat";
  static constexpr std::string_view summary = "One entry and its etag.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
  };
  struct Result {
    FileEntry entry;
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(FileStat::Params, (), (path))
BOOST_DESCRIBE_STRUCT(FileStat::Result, (), (entry, etag))

struct FileRead {
  static constexpr std::string_view method = "file/read";
  static constexpr std::string_view summary =
      "Streams a range of a file on a new channel, then `end`; `abort` if reading fails midway.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::uint64_t credit;
    std::optional<std::uint64_t> offset;
    std::optional<std::uint64_t> length;
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t size;  // of the whole file
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(FileRead::Params, (), (path, credit, offset, length))
BOOST_DESCRIBE_STRUCT(FileRead::Result, (), (channel, size, etag))

struct FileWrite {
  static constexpr std::string_view method = "file/write";
  static constexpr std::string_view summary =
      "Begins a whole-file write: send data frames and `end` on the channel, then file/commit puts it in "
      "place atomically. "
      "Parents are made. A dropped connection leaves the old file as it was.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string path;
    std::optional<std::string>
        expected_etag;                  // conflict when the file is another by now; "" means: must not exist
    std::optional<std::uint32_t> mode;  // permission bits for a new file
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t limit;  // credit
  };
};
BOOST_DESCRIBE_STRUCT(FileWrite::Params, (), (path, expected_etag, mode))
BOOST_DESCRIBE_STRUCT(FileWrite::Result, (), (channel, limit))

struct FileCommit {
  static constexpr std::string_view method = "file/commit";
  static constexpr std::string_view summary =
      "Ends a file/write after its `end` frame: fsync and rename; the etag is checked again.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::uint32_t channel;
    std::uint64_t size;  // bytes sent, checked
  };
  struct Result {
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(FileCommit::Params, (), (channel, size))
BOOST_DESCRIBE_STRUCT(FileCommit::Result, (), (etag))

struct FileCreateDirectory {
  static constexpr std::string_view method = "file/create_directory";
  static constexpr std::string_view summary =
      "Makes a directory and its parents; already_exists when it is there.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string path;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(FileCreateDirectory::Params, (), (path))

struct FileRename {
  static constexpr std::string_view method = "file/rename";
  static constexpr std::string_view summary = "Moves a file or directory; open documents follow.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string from;
    std::string to;
    std::optional<bool> overwrite;  // else already_exists
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(FileRename::Params, (), (from, to, overwrite))

struct FileCopy {
  static constexpr std::string_view method = "file/copy";
  static constexpr std::string_view summary = "Copies a file or a whole directory; never overwrites.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string from;
    std::string to;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(FileCopy::Params, (), (from, to))

struct FileDelete {
  static constexpr std::string_view method = "file/delete";
  static constexpr std::string_view summary =
      "Moves to the trash (freedesktop.org Trash in home), or deletes for good.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string path;
    std::optional<bool> permanently;
  };
  struct Result {
    std::optional<std::string> trash;  // for file/undelete
  };
};
BOOST_DESCRIBE_STRUCT(FileDelete::Params, (), (path, permanently))
BOOST_DESCRIBE_STRUCT(FileDelete::Result, (), (trash))

struct FileUndelete {
  static constexpr std::string_view method = "file/undelete";
  static constexpr std::string_view summary =
      "Puts a trashed entry back where it was; already_exists when its place is taken.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string trash;
  };
  struct Result {
    std::string path;
  };
};
BOOST_DESCRIBE_STRUCT(FileUndelete::Params, (), (trash))
BOOST_DESCRIBE_STRUCT(FileUndelete::Result, (), (path))

struct FileWatch {
  static constexpr std::string_view method = "file/watch";
  static constexpr std::string_view summary =
      "Reports changes of one directory's entries (not of its subdirectories') until file/unwatch.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
  };
  struct Result {
    bool degraded;  // inotify has run out: the directory is polled every few seconds instead
  };
};
BOOST_DESCRIBE_STRUCT(FileWatch::Params, (), (path))
BOOST_DESCRIBE_STRUCT(FileWatch::Result, (), (degraded))

struct FileUnwatch {
  static constexpr std::string_view method = "file/unwatch";
  static constexpr std::string_view summary = "Ends a file/watch.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(FileUnwatch::Params, (), (path))

enum class ChangeKind { created, changed, deleted };
BOOST_DESCRIBE_ENUM(ChangeKind, created, changed, deleted)

struct FileChange {
  std::string name;
  ChangeKind kind;
  std::optional<FileEntry> entry;  // as it is now, unless deleted
};
BOOST_DESCRIBE_STRUCT(FileChange, (), (name, kind, entry))

struct FileChanged {
  static constexpr std::string_view method = "file/changed";
  static constexpr std::string_view summary =
      "Entries of a watched directory changed. `overflow`: too many to tell, list the directory again. "
      "`degraded`: now polled.";
  struct Params {
    std::string path;  // the watched directory
    std::vector<FileChange> changes;
    bool overflow;
    bool degraded;
  };
};
BOOST_DESCRIBE_STRUCT(FileChanged::Params, (), (path, changes, overflow, degraded))

// ---- document
// ------------------------------------------------------------------------------------------------------

enum class Encoding { utf8, utf8_bom, utf16le, utf16be, latin1, windows1252, unknown };
BOOST_DESCRIBE_ENUM(Encoding, utf8, utf8_bom, utf16le, utf16be, latin1, windows1252, unknown)

/// Texts travel with \n alone; this says what stands on disk. `mixed` opens read-only until converted.
enum class LineEnding { lf, crlf, mixed };
BOOST_DESCRIBE_ENUM(LineEnding, lf, crlf, mixed)

enum class ReadOnlyReason { role, size, encoding, line_ending, permission, outside_home };
BOOST_DESCRIBE_ENUM(ReadOnlyReason, role, size, encoding, line_ending, permission, outside_home)

struct DocumentOpen {
  static constexpr std::string_view method = "document/open";
  static constexpr std::string_view summary =
      "Opens a text file as a document that the runner owns; every session that opens the path shares it. "
      "Binary files are "
      "`unsupported` (offer to download them).";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::optional<bool> create;        // make an empty file when there is none
    std::optional<Encoding> encoding;  // read it as this instead of guessing
    std::optional<std::uint64_t>
        credit;  // first credit for a text that comes on a channel; 1 MiB when absent
  };
  struct Result {
    std::string document;  // id
    std::string path;
    std::uint64_t version;
    std::optional<std::string> text;       // up to Limits::inline_document
    std::optional<std::uint32_t> channel;  // otherwise: UTF-8 bytes, then `end`
    std::uint64_t length;                  // UTF-8 bytes of the text
    Encoding encoding;
    LineEnding line_ending;
    bool read_only;
    std::optional<ReadOnlyReason> reason;
    std::uint64_t disk_version;  // the version that stands in the file
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentOpen::Params, (), (path, create, encoding, credit))
BOOST_DESCRIBE_STRUCT(DocumentOpen::Result, (),
                      (document, path, version, text, channel, length, encoding, line_ending, read_only,
                       reason, disk_version, etag))

struct DocumentEdit {
  static constexpr std::string_view method = "document/edit";
  static constexpr std::string_view summary =
      "Applies one operation. The answer means: journalled (fsynced). A repeated operation_id is answered "
      "again, not applied "
      "again. A base that is not the newest version is refused as stale_base; open the document again and "
      "keep the person's text.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
    std::uint64_t base_version;
    std::string operation_id;  // unique in the workspace, ≤ 64 characters
    TextOperation operation;
  };
  struct Result {
    std::uint64_t version;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentEdit::Params, (), (document, base_version, operation_id, operation))
BOOST_DESCRIBE_STRUCT(DocumentEdit::Result, (), (version))

struct DocumentSave {
  static constexpr std::string_view method = "document/save";
  static constexpr std::string_view summary =
      "Writes the document to its file now instead of within autosave's second.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
  };
  struct Result {
    std::uint64_t disk_version;
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentSave::Params, (), (document))
BOOST_DESCRIBE_STRUCT(DocumentSave::Result, (), (disk_version, etag))

struct DocumentConvert {
  static constexpr std::string_view method = "document/convert";
  static constexpr std::string_view summary =
      "Changes how the document is written to disk: its encoding, its line ending, or both.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
    std::optional<Encoding> encoding;
    std::optional<LineEnding> line_ending;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(DocumentConvert::Params, (), (document, encoding, line_ending))

struct DocumentClose {
  static constexpr std::string_view method = "document/close";
  static constexpr std::string_view summary =
      "This session no longer shows the document; the last one to close it has it written and forgotten.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string document;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(DocumentClose::Params, (), (document))

struct DocumentChanged {
  static constexpr std::string_view method = "document/changed";
  static constexpr std::string_view summary =
      "Another session or the disk changed the document; apply it to the version before.";
  struct Params {
    std::string document;
    std::uint64_t version;  // after the operation
    TextOperation operation;
    std::string origin;  // a session id, or "disk"
  };
};
BOOST_DESCRIBE_STRUCT(DocumentChanged::Params, (), (document, version, operation, origin))

struct DocumentState {
  static constexpr std::string_view method = "document/state";
  static constexpr std::string_view summary =
      "How safe the text is, after each step: journalled (survives any process's death), on disk, and stored "
      "(survives the loss of the disk). Also sent when the file is moved, deleted, converted, or can't be "
      "written.";
  struct Params {
    std::string document;
    std::string path;
    std::uint64_t journalled_version;
    std::uint64_t disk_version;
    Encoding encoding;
    LineEnding line_ending;
    bool read_only;
    bool deleted;                                 // the file is gone from disk; the text is still here
    std::optional<std::string> problem;           // why it can't be written to disk, for the person
    std::optional<std::string> conflict_copy;     // where the disk's differing text was kept
    std::optional<std::uint64_t> stored_version;  // absent: none of this opening is stored yet
  };
};
BOOST_DESCRIBE_STRUCT(DocumentState::Params, (),
                      (document, path, journalled_version, disk_version, encoding, line_ending, read_only,
                       deleted, problem, conflict_copy, stored_version))

// ---- port
// ----------------------------------------------------------------------------------------------------------

struct Port {
  std::uint16_t port;
  std::string address;  // what it listens on: "127.0.0.1", "::", …
  std::string process;  // name, "" when unknown
};
BOOST_DESCRIBE_STRUCT(Port, (), (port, address, process))

struct PortList {
  static constexpr std::string_view method = "port/list";
  static constexpr std::string_view summary = "TCP ports that programs of the workspace listen on.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  struct Result {
    std::vector<Port> ports;
  };
};
BOOST_DESCRIBE_STRUCT(PortList::Result, (), (ports))

struct PortTunnel {
  static constexpr std::string_view method = "port/tunnel";
  static constexpr std::string_view summary =
      "Opens a channel that is one TCP connection to a port of the workspace's loopback.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::uint16_t port;
    std::uint64_t credit;
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t limit;
  };
};
BOOST_DESCRIBE_STRUCT(PortTunnel::Params, (), (port, credit))
BOOST_DESCRIBE_STRUCT(PortTunnel::Result, (), (channel, limit))

struct PortChanged {
  static constexpr std::string_view method = "port/changed";
  static constexpr std::string_view summary =
      "The list of listening ports changed (noticed within a second).";
  struct Params {
    std::vector<Port> ports;
  };
};
BOOST_DESCRIBE_STRUCT(PortChanged::Params, (), (ports))

// ---- control: the server's link
// ------------------------------------------------------------------------------------

struct ControlActivity {
  static constexpr std::string_view method = "control/activity";
  static constexpr std::string_view summary = "What idle stop is decided by.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::int64_t idle;   // ms since a person's last input (keys, edits, file changes by a client)
    double cpu_percent;  // of one core, all programs of the workspace but the runner, since the last question
    std::uint32_t sessions;
    std::uint32_t terminals;
    std::vector<Port> ports;
  };
};
BOOST_DESCRIBE_STRUCT(ControlActivity::Result, (), (idle, cpu_percent, sessions, terminals, ports))

struct ControlNotice {
  static constexpr std::string_view method = "control/notice";
  static constexpr std::string_view summary = "Passes a session/notice to every session.";
  static constexpr Role role = Role::server;
  using Params = SessionNotice::Params;
  using Result = Empty;
};

struct ControlFlush {
  static constexpr std::string_view method = "control/flush";
  static constexpr std::string_view summary =
      "Writes every open document to disk; the answer comes when all are. Called before a stop.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::vector<std::string> problems;  // documents that could not be written, with the reason
  };
};
BOOST_DESCRIBE_STRUCT(ControlFlush::Result, (), (problems))

// ---- lists
// ---------------------------------------------------------------------------------------------------------

/// Requests a client (or the control link) sends; answered with Result or an error.
using Requests =
    boost::mp11::mp_list<SessionHello, SessionPing, TerminalList, TerminalOpen, TerminalAttach,
                         TerminalDetach, TerminalResize, TerminalRename, TerminalClose, FileList, FileStat,
                         FileRead, FileWrite, FileCommit, FileCreateDirectory, FileRename, FileCopy,
                         FileDelete, FileUndelete, FileWatch, FileUnwatch, DocumentOpen, DocumentEdit,
                         DocumentSave, DocumentConvert, DocumentClose, PortList, PortTunnel, ControlActivity,
                         ControlNotice, ControlFlush>;

/// Notifications a runner sends.
using Notifications =
    boost::mp11::mp_list<SessionNotice, WorkspaceStorage, WorkspaceImport, TerminalChanged, TerminalClosed,
                         FileChanged, DocumentChanged, DocumentState, PortChanged>;

}  // namespace berth::protocol
