// SPDX-License-Identifier: GPL-3.0-or-later
// A runner's files in memory: lists, watches, changes and streams them as the real one does.
#pragma once

#include <map>
#include <set>

#include "client/core/file_tree.hpp"
#include "fake_runner.hpp"

namespace berth::test {

class FileHome {
 public:
  explicit FileHome(FakeRunner* runner) : runner_(runner) {
    using namespace protocol;
    folders.insert("project");
    runner->on<FileList>([this](const FileList::Params& params) { return list(params); });
    runner->on<FileWatch>([this](const FileWatch::Params& params) -> Result<FileWatch::Result> {
      watched_.insert(params.path);
      return FileWatch::Result{false};
    });
    runner->on<FileUnwatch>([](const FileUnwatch::Params&) -> Result<Empty> { return Empty{}; });
    runner->on<FileStat>([this](const FileStat::Params& params) -> Result<FileStat::Result> {
      if (!there(params.path)) return failure(ErrorCode::not_found, "There is no such file.");
      return FileStat::Result{entry(params.path), "etag"};
    });
    runner->on<FileRename>([this](const FileRename::Params& params) -> Result<Empty> {
      return move(params.from, params.to, true);
    });
    runner->on<FileCopy>([this](const FileCopy::Params& params) -> Result<Empty> {
      return move(params.from, params.to, false);
    });
    runner->on<FileCreateDirectory>([this](const FileCreateDirectory::Params& params) -> Result<Empty> {
      if (there(params.path)) return failure(ErrorCode::already_exists, "It is there already.");
      folders.insert(params.path);
      tell(params.path, ChangeKind::created);
      return Empty{};
    });
    runner->on<FileDelete>([this](const FileDelete::Params& params) -> Result<FileDelete::Result> {
      if (!there(params.path)) return failure(ErrorCode::not_found, "There is no such file.");
      const auto key = std::to_string(++trashed_) + ":" + params.path;
      trash_[key] = take(params.path);
      tell(params.path, ChangeKind::deleted);
      return FileDelete::Result{key};
    });
    runner->on<FileUndelete>([this](const FileUndelete::Params& params) -> Result<FileUndelete::Result> {
      const auto path = params.trash.substr(params.trash.find(':') + 1);
      if (!trash_.contains(params.trash)) return failure(ErrorCode::not_found, "It is not in the trash.");
      if (there(path)) return failure(ErrorCode::already_exists, "Its place is taken.");
      put(path, trash_.extract(params.trash).mapped());
      return FileUndelete::Result{path};
    });
    runner->on<FileWrite>([this](const FileWrite::Params& params) -> Result<FileWrite::Result> {
      if (params.expected_etag == "" && there(params.path)) return failure(ErrorCode::conflict, "It exists.");
      written_ = params.path;
      received_.clear();
      return FileWrite::Result{7, 1u << 20};
    });
    runner->on<FileCommit>([this](const FileCommit::Params& params) -> Result<FileCommit::Result> {
      if (params.size != received_.size()) return failure(ErrorCode::invalid_argument, "The size differs.");
      files[written_] = received_;
      tell(written_, ChangeKind::created);
      return FileCommit::Result{"etag"};
    });
    runner->on<FileRead>([this](const FileRead::Params& params) -> Result<FileRead::Result> {
      const auto found = files.find(params.path);
      if (found == files.end()) return failure(ErrorCode::not_found, "There is no such file.");
      const auto channel = ++channels_;
      if (!stalled)
        QTimer::singleShot(0, runner_, [this, channel, bytes = found->second] {
          runner_->sendFrame({FrameKind::data, false, channel, 0}, bytes);
          runner_->sendFrame({FrameKind::end, false, channel, bytes.size()});
        });
      return FileRead::Result{channel, found->second.size(), "etag"};
    });
    runner->onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.channel == 7 && header.kind == FrameKind::data) received_.append(payload);
    };
  }

  /// A program in the workspace does it.
  void write(const std::string& path, const std::string& text) {
    const auto kind = files.contains(path) ? protocol::ChangeKind::changed : protocol::ChangeKind::created;
    files[path] = text;
    tell(path, kind);
  }
  void erase(const std::string& path) {
    take(path);
    tell(path, protocol::ChangeKind::deleted);
  }
  bool there(const std::string& path) const { return files.contains(path) || folders.contains(path); }

  std::map<std::string, std::string> files;  // path: text
  std::set<std::string> folders;
  std::vector<std::string> more_names;       // that every folder claims to hold, whatever they are
  std::size_t many = 0;                      // entries of project/many, which comes in pages
  bool stalled = false;                      // nothing comes of what is read
  std::optional<std::uint64_t> stated_size;  // that every file says it has, whatever comes

 private:
  using Tree = std::map<std::string, std::optional<std::string>>;  // path: text, none for a folder

  static std::string above(const std::string& path) { return path.substr(0, path.rfind('/')); }
  static std::string name(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  protocol::FileEntry entry(const std::string& path) const {
    using protocol::EntryType;
    const auto found = files.find(path);
    if (found == files.end()) return {name(path), EntryType::directory, 0, 0, 0755, {}, {}};
    return {name(path), EntryType::file, stated_size.value_or(found->second.size()), 0, 0644, {}, {}};
  }
  Result<protocol::FileList::Result> list(const protocol::FileList::Params& params) {
    if (!folders.contains(params.path)) return failure(ErrorCode::not_found, "There is no such folder.");
    protocol::FileList::Result result{};
    if (params.path == "project/many") {
      const auto begin = params.cursor ? std::stoul(*params.cursor) : 0;
      const auto end = std::min<std::size_t>(many, begin + params.limit.value_or(2'000));
      for (auto i = begin; i < end; ++i)
        result.entries.push_back(
            {"file" + std::to_string(1'000'000 + i), protocol::EntryType::file, 3, 0, 0644, {}, {}});
      result.total = many;
      if (end < many) result.cursor = std::to_string(end);
      return result;
    }
    for (const auto& folder : folders)
      if (folder != params.path && above(folder) == params.path) result.entries.push_back(entry(folder));
    for (const auto& [path, text] : files)
      if (above(path) == params.path) result.entries.push_back(entry(path));
    for (const auto& other : more_names)
      result.entries.push_back({other, protocol::EntryType::file, 3, 0, 0644, {}, {}});
    std::ranges::sort(result.entries, client::entry_before);
    result.total = result.entries.size();
    return result;
  }
  Tree take(const std::string& path) {
    Tree taken;
    const auto below = [&](const std::string& other) {
      return other == path || other.starts_with(path + "/");
    };
    for (const auto& folder : std::set(folders))
      if (below(folder)) folders.erase(folder), taken.emplace(folder, std::nullopt);
    for (const auto& [file, text] : std::map(files))
      if (below(file)) taken.emplace(file, text), files.erase(file);
    return taken;
  }
  void put(const std::string& path, const Tree& tree) {
    for (const auto& [each, text] : tree) text ? void(files[each] = *text) : void(folders.insert(each));
    tell(path, protocol::ChangeKind::created);
  }
  Result<protocol::Empty> move(const std::string& from, const std::string& to, bool moves) {
    if (!there(from)) return failure(ErrorCode::not_found, "There is no such file.");
    if (there(to)) return failure(ErrorCode::already_exists, "It is there already.");
    Tree placed;
    const auto taken = take(from);
    for (const auto& [path, text] : taken) placed.emplace(to + path.substr(from.size()), text);
    if (!moves) put(from, taken);
    if (moves) tell(from, protocol::ChangeKind::deleted);
    put(to, placed);
    return protocol::Empty{};
  }
  void tell(const std::string& path, protocol::ChangeKind kind) {
    if (!watched_.contains(above(path))) return;
    protocol::FileChange change{name(path), kind, {}};
    if (kind != protocol::ChangeKind::deleted) change.entry = entry(path);
    runner_->notify<protocol::FileChanged>({above(path), {change}, false, false});
  }

  FakeRunner* runner_;
  std::set<std::string> watched_;
  std::map<std::string, Tree> trash_;
  std::string written_;
  std::string received_;
  int trashed_ = 0;
  std::uint32_t channels_ = 100;
};

}  // namespace berth::test
