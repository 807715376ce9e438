// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a running workspace for an archive: listed and read by its runner, one by one. What a runner
// says is not believed: a name that leads elsewhere would lead whoever unpacks the archive there.
#include <algorithm>
#include <limits>
#include <utility>

#include "protocol/net/home_files.hpp"
#include "server/archive_content.hpp"

namespace berth::server {
namespace {

using protocol::TreeEntryType;

constexpr std::size_t deepest_live_folder = 256;
constexpr std::size_t most_live_problems = 10'000;

/// A runner may say any number: what is out of range becomes the last moment that can be written down.
std::int64_t nanoseconds_of(std::int64_t milliseconds) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  return std::clamp(milliseconds, -most, most) * 1'000'000;
}

class LiveContent final : public ArchiveContent {
 public:
  LiveContent(WorkspaceFiles& files, std::string workspace)
      : files_(files), workspace_(std::move(workspace)) {}

  net::Task<Result<void>> open(std::string path) {
    bool folder = path.empty();
    protocol::FileEntry entry{};
    if (!folder) {
      auto found = co_await files_.stat(workspace_, path);
      if (!found) co_return std::unexpected(std::move(found.error()));
      entry = std::move(found->entry);
      folder = entry.type == protocol::EntryType::directory;
    }
    if (!folder) {
      const auto slash = path.rfind('/');
      entry.name = slash == path.npos ? path : path.substr(slash + 1);
      Folder alone{
          .home_path = slash == path.npos ? "" : path.substr(0, slash + 1), .path = "", .entries = {}};
      alone.entries.push_back(std::move(entry));
      folders_.push_back(std::move(alone));
      co_return Result<void>{};
    }
    folders_.push_back({.home_path = path.empty() ? "" : path + "/", .path = "", .entries = {}});
    co_return co_await list_more(folders_.back());
  }

  net::Task<Result<void>> prepare() override {
    if (prepared()) co_return Result<void>{};
    if (reading_) co_return co_await prepare_piece();
    co_return co_await prepare_entry();
  }
  bool prepared() const override { return reading_ ? piece_.has_value() : next_.has_value(); }

  Result<std::optional<ArchiveEntry>> next() override {
    auto entry = std::move(*next_);
    next_.reset();
    reading_ = entry && entry->type == TreeEntryType::file;
    return entry;
  }
  Result<std::string> read() override {
    // Also asked for once the file has ended early and zeros stand in place of the rest.
    auto piece = std::exchange(piece_, std::nullopt).value_or(std::string());
    if (piece.empty()) reading_ = false;
    return piece;
  }
  std::vector<protocol::PathProblem> problems() const override { return problems_; }

 private:
  struct Folder {
    std::string home_path;  // with a slash at its end; "" for the home
    std::string path;       // the same in the archive
    std::vector<protocol::FileEntry> entries;
    std::size_t next = 0;
    std::optional<std::string> cursor = {};
  };

  void problem(const std::string& path, std::string reason) {
    if (problems_.size() < most_live_problems) problems_.push_back({path, std::move(reason)});
  }

  net::Task<Result<void>> list_more(Folder& folder) {
    auto path = folder.home_path;
    if (!path.empty()) path.pop_back();
    auto page = co_await files_.list(workspace_, {.path = path, .cursor = folder.cursor, .limit = {}});
    if (!page) co_return std::unexpected(std::move(page.error()));
    folder.entries = std::move(page->entries);
    folder.next = 0;
    folder.cursor = std::move(page->cursor);
    co_return Result<void>{};
  }

  net::Task<Result<void>> prepare_piece() {
    Result<std::string> piece;
    if (stream_) piece = co_await stream_->read();
    if (piece) given_ += piece->size();
    if (!piece || (piece->empty() && given_ < promised_))
      problem(path_, "it changed or could not be read; zeros stand in place of the rest");
    piece_ = piece ? std::move(*piece) : std::string();
    if (piece_->empty()) stream_.reset();
    co_return Result<void>{};
  }

  net::Task<Result<void>> prepare_entry() {
    while (!folders_.empty()) {
      auto& folder = folders_.back();
      if (folder.next < folder.entries.size()) {
        const auto entry = std::move(folder.entries[folder.next++]);
        if (auto taken = co_await take(entry, folder.home_path, folder.path); !taken || next_)
          co_return taken;
      } else if (folder.cursor) {
        if (auto listed = co_await list_more(folder); !listed) co_return listed;
      } else {
        folders_.pop_back();
      }
    }
    next_.emplace(std::nullopt);
    co_return Result<void>{};
  }

  /// Leaves `next_` empty for what is left out.
  net::Task<Result<void>> take(protocol::FileEntry entry, std::string home_path, std::string path) {
    const auto& name = entry.name;
    if (name.empty() || name == "." || name == ".." || name.find('/') != name.npos ||
        name.find('\0') != name.npos) {
      problem(path, "an entry of it has no name that can be written down, and was left out");
      co_return Result<void>{};
    }
    ArchiveEntry out{.path = path + name,
                     .type = TreeEntryType::file,
                     .mode = entry.mode & 07777u,
                     .modified = nanoseconds_of(entry.modified),
                     .size = 0,
                     .target = {}};
    switch (entry.type) {
      case protocol::EntryType::directory:
        co_return co_await take_folder(std::move(out), home_path + name);
      case protocol::EntryType::symlink:
        out.type = TreeEntryType::symlink;
        out.target = entry.target.value_or("");
        if (out.target.empty())
          problem(out.path, "it is a link that could not be read, and was left out");
        else
          next_.emplace(std::move(out));
        co_return Result<void>{};
      case protocol::EntryType::file:
        co_return co_await take_file(std::move(out), home_path + name);
      case protocol::EntryType::other:
        break;
    }
    problem(out.path, "it is neither a file, a folder nor a link, and was left out");
    co_return Result<void>{};
  }

  net::Task<Result<void>> take_folder(ArchiveEntry out, std::string home_path) {
    out.type = TreeEntryType::directory;
    Folder folder{.home_path = home_path + "/", .path = out.path + "/", .entries = {}};
    Result<void> listed;
    if (folders_.size() < deepest_live_folder)
      listed = co_await list_more(folder);
    else
      listed = failure(ErrorCode::unsupported, "it lies too deep");
    if (!listed && listed.error().code == ErrorCode::unavailable) co_return listed;
    if (listed)
      folders_.push_back(std::move(folder));
    else
      problem(out.path, "what is in it is missing here: " + listed.error().message);
    next_.emplace(std::move(out));
    co_return Result<void>{};
  }

  net::Task<Result<void>> take_file(ArchiveEntry out, std::string home_path) {
    auto reading = co_await files_.read(workspace_, home_path, 0, std::nullopt);
    if (!reading && reading.error().code == ErrorCode::unavailable)
      co_return std::unexpected(std::move(reading.error()));
    if (!reading) {
      problem(out.path, "it could not be read: " + reading.error().message);
      co_return Result<void>{};
    }
    stream_ = std::move(reading->bytes);
    path_ = out.path;
    given_ = 0;
    promised_ = out.size = reading->length;
    next_.emplace(std::move(out));
    co_return Result<void>{};
  }

  WorkspaceFiles& files_;
  const std::string workspace_;
  std::vector<Folder> folders_;
  std::optional<std::optional<ArchiveEntry>> next_;
  bool reading_ = false;  // the file that next() gave last
  std::unique_ptr<ByteSource> stream_;
  std::optional<std::string> piece_;
  std::string path_;
  std::uint64_t given_ = 0, promised_ = 0;  // bytes
  std::vector<protocol::PathProblem> problems_;
};

class NotedContent final : public ArchiveContent {
 public:
  NotedContent(std::unique_ptr<ArchiveContent> content, protocol::PathProblem note)
      : content_(std::move(content)), note_(std::move(note)) {}
  Result<std::optional<ArchiveEntry>> next() override { return content_->next(); }
  Result<std::string> read() override { return content_->read(); }
  std::vector<protocol::PathProblem> problems() const override {
    auto all = content_->problems();
    all.insert(all.begin(), note_);
    return all;
  }
  net::Task<Result<void>> prepare() override { co_return co_await content_->prepare(); }
  bool prepared() const override { return content_->prepared(); }

 private:
  std::unique_ptr<ArchiveContent> content_;
  protocol::PathProblem note_;
};

}  // namespace

net::Task<Result<std::unique_ptr<ArchiveContent>>> make_live_content(WorkspaceFiles& files,
                                                                     std::string workspace,
                                                                     std::string path) {
  auto content = std::make_unique<LiveContent>(files, std::move(workspace));
  if (auto opened = co_await content->open(std::move(path)); !opened)
    co_return std::unexpected(std::move(opened.error()));
  co_return content;
}

std::unique_ptr<ArchiveContent> make_noted_content(std::unique_ptr<ArchiveContent> content,
                                                   protocol::PathProblem note) {
  return std::make_unique<NotedContent>(std::move(content), std::move(note));
}

}  // namespace berth::server
