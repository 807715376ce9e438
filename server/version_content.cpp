// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "server/archive_content.hpp"
#include "server/version_file.hpp"

namespace berth::server {
namespace {

using protocol::TreeEntry;
using protocol::TreeEntryType;

constexpr std::size_t most_content_problems = 10'000;  // named; who has more needs no longer list

/// Depth first, with one listing for each open folder in memory.
class VersionContent final : public ArchiveContent {
 public:
  VersionContent(VersionTree tree, TreeEntry entry, const std::string& path) : tree_(std::move(tree)) {
    if (entry.type == TreeEntryType::directory) {
      open_folder(entry, "");
      return;
    }
    entry.name = path.substr(path.rfind('/') == path.npos ? 0 : path.rfind('/') + 1);
    folders_.push_back({"", {std::move(entry)}, 0});
  }

  Result<std::optional<ArchiveEntry>> next() override {
    reader_.reset();
    if (failed_) return std::unexpected(*failed_);
    while (!folders_.empty() && folders_.back().next == folders_.back().entries.size()) folders_.pop_back();
    if (folders_.empty()) return std::nullopt;
    auto& folder = folders_.back();
    const TreeEntry entry = std::move(folder.entries[folder.next++]);
    ArchiveEntry out{.path = folder.path + entry.name,
                     .type = entry.type,
                     .mode = entry.mode,
                     .modified = entry.modified,
                     .size = entry.type == TreeEntryType::file ? entry.size : 0,
                     .target = entry.target};
    if (entry.type == TreeEntryType::directory)
      open_folder(entry, out.path + "/");
    else if (entry.type == TreeEntryType::file)
      open_file(entry, out.path);
    return out;
  }

  Result<std::string> read() override {
    if (failed_) return std::unexpected(*failed_);
    while (reader_ && !reader_->at_end()) {
      auto chunk = reader_->next();
      if (!chunk) return std::unexpected(std::move(chunk.error()));
      if (!*chunk) {
        // How long it was is not known: what follows would stand in the wrong place.
        damaged(file_, "damaged from byte " + std::to_string(given_) + " on, zeros stand in its place");
        reader_.reset();
        return std::string{};
      }
      given_ += (*chunk)->size();
      if (!(*chunk)->empty()) return std::move(**chunk);
    }
    return std::string{};
  }

  std::vector<protocol::PathProblem> problems() const override { return problems_; }

 private:
  struct Folder {
    std::string path;  // with a slash at its end; "" for the top
    std::vector<TreeEntry> entries;
    std::size_t next = 0;
  };

  void open_folder(const TreeEntry& entry, const std::string& path) {
    if (auto entries = tree_.directory(entry.content.front()))
      folders_.push_back({path, std::move(*entries), 0});
    else if (entries.error().code != ErrorCode::internal)
      failed_ = std::move(entries.error());
    else
      damaged(path.empty() ? "." : path,
              "the folder's listing is damaged, so what was in it is missing here");
  }

  void open_file(const TreeEntry& entry, const std::string& path) {
    file_ = path;
    given_ = 0;
    auto chunks = tree_.chunks(entry);
    if (chunks)
      reader_.emplace(tree_, std::move(*chunks));
    else if (chunks.error().code != ErrorCode::internal)
      failed_ = std::move(chunks.error());
    else
      damaged(path, "the list of its pieces is damaged, zeros stand in its place");
  }

  void damaged(const std::string& path, std::string reason) {
    if (problems_.size() < most_content_problems) problems_.push_back({path, std::move(reason)});
  }

  VersionTree tree_;
  std::vector<Folder> folders_;
  std::optional<ChunkReader> reader_;  // of the current file
  std::string file_;
  std::uint64_t given_ = 0;
  std::optional<Error> failed_;  // the store can't be reached
  std::vector<protocol::PathProblem> problems_;
};

}  // namespace

std::unique_ptr<ArchiveContent> make_version_content(VersionTree tree, const TreeEntry& entry,
                                                     const std::string& path) {
  return std::make_unique<VersionContent>(std::move(tree), entry, path);
}

}  // namespace berth::server
