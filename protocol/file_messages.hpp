// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about files and directories.
// Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

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
      "A page of a directory, directories first, then by name without regard "
      "to case.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::optional<std::string> cursor;   // from the page before
    std::optional<std::uint32_t> limit;  // entries a page: 1..10000, 500 when absent
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
      "Streams a range of a file on a new channel, then `end`; `abort` if "
      "reading fails midway.";
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
      "Begins a whole-file write: send data frames and `end` on the channel, "
      "then file/commit puts it in "
      "place atomically. "
      "Parents are made. A dropped connection leaves the old file as it was.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string path;
    std::optional<std::string> expected_etag;  // conflict when the file is another by now; "" means:
                                               // must not exist
    std::optional<std::uint32_t> mode;         // permission bits for a new file
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
      "Ends a file/write after its `end` frame: fsync and rename; the etag is "
      "checked again.";
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
      "Moves to the trash (freedesktop.org Trash in home), or deletes for "
      "good.";
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
      "Puts a trashed entry back where it was; already_exists when its place "
      "is taken.";
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
      "Reports changes of one directory's entries (not of its subdirectories') "
      "until file/unwatch.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
  };
  struct Result {
    bool degraded;  // inotify has run out: the directory is polled every few
                    // seconds instead
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
      "Entries of a watched directory changed. `overflow`: too many to tell, "
      "list the directory again. "
      "`degraded`: now polled.";
  struct Params {
    std::string path;  // the watched directory
    std::vector<FileChange> changes;
    bool overflow;
    bool degraded;
  };
};
BOOST_DESCRIBE_STRUCT(FileChanged::Params, (), (path, changes, overflow, degraded))

}  // namespace berth::protocol
