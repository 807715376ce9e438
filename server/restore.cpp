// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/restore.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "protocol/chunker.hpp"
#include "protocol/stored_object.hpp"
#include "protocol/text_operation.hpp"
#include "server/fault_points.hpp"
#include "server/version_entries.hpp"

namespace berth::server {

using namespace boost::asio::experimental::awaitable_operators;
using protocol::ObjectId;

namespace {

constexpr std::chrono::minutes page_deadline{
    10};  // the runner may hash what is there, and syncs what it wrote
constexpr std::size_t chunk_bytes_at_once = 8u << 20;  // bytes of chunks, about
constexpr std::size_t chunks_at_once = 512;
constexpr std::size_t most_restore_problems = 1'000;
constexpr int pages_between_writes = 8;

using Problems = std::vector<protocol::PathProblem>;
using Chunks = std::vector<std::optional<std::string>>;

void append(Problems& problems, Problems more) {
  for (auto& problem : more)
    if (problems.size() < most_restore_problems) problems.push_back(std::move(problem));
}

/// Of what the runner asks for, that which was announced, in portions to be read together.
std::vector<std::vector<ObjectId>> portions(const std::vector<std::string>& needed, ChunkSizes& announced) {
  std::vector<std::vector<ObjectId>> portions;
  std::size_t bytes = 0;
  for (const auto& text : needed) {
    const auto id = ObjectId::from_hex(text);
    if (!id) continue;
    const auto found = announced.find(*id);
    if (found == announced.end()) continue;
    if (portions.empty() || bytes + found->second > chunk_bytes_at_once ||
        portions.back().size() >= chunks_at_once) {
      portions.emplace_back();
      bytes = 0;
    }
    bytes += found->second;
    portions.back().push_back(*id);
    announced.erase(found);  // each once
  }
  return portions;
}

class Restore {
 public:
  Restore(const SyncParts& parts, WorkspaceOwner of, RestoreWish wish)
      : parts_(parts),
        of_(std::move(of)),
        wish_(std::move(wish)),
        entries_(parts.objects, wish_.version.owner, wish_.version.root) {}

  net::Task<Result<Problems>> run() {
    auto opened = co_await net::offload(parts_.threads, [this] { return entries_.open(wish_.path); });
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    auto begun = co_await ask<protocol::RestoreBegin>({wish_.version.id, wish_.path});
    if (!begun) co_return std::unexpected(std::move(begun.error()));
    fault_point("restore.begun");
    auto brought = co_await bring();
    sink_.reset();
    fault_point("restore.brought");
    if (!brought && !wish_.resumable)
      if (auto ended = co_await abandon_restore(parts_, of_.workspace, wish_.version.id); !ended)
        spdlog::warn("workspace {}: a restore could not be ended: {} {}", of_.workspace,
                     ended.error().message, ended.error().detail);
    if (!brought) co_return std::unexpected(std::move(brought.error()));
    // What lies in a folder that could not be read must not be taken for something the version does not have.
    const bool remove_others = wish_.remove_others && entries_.problems().empty();
    auto ended = co_await ask<protocol::RestoreEnd>(
        {wish_.version.id, wish_.path.empty() ? wish_.version.root.hex() : "", remove_others});
    if (!ended) co_return std::unexpected(std::move(ended.error()));
    append(problems_, std::move(ended->problems));
    append(problems_, entries_.problems());
    co_return std::move(problems_);
  }

 private:
  template <class Message>
  net::Task<Result<typename Message::Result>> ask(typename Message::Params params) {
    return ask_runner<Message>(parts_.runners, of_.workspace, std::move(params), page_deadline);
  }

  net::Task<Result<EntryPage>> next_page() {
    co_return co_await net::offload(parts_.threads, [this] { return entries_.next(); });
  }

  /// Entries that the runner knows of, and which chunks it asked for.
  struct Announced {
    std::vector<std::vector<ObjectId>> portions;
    bool goes_on = false;  // a file is put in place when all its chunks are announced
    bool end = false;      // there was nothing more to announce
  };

  net::Task<Result<Announced>> announce() {
    auto page = co_await next_page();
    if (!page) co_return std::unexpected(std::move(page.error()));
    if (page->entries.empty()) co_return Announced{.portions = {}, .goes_on = false, .end = true};
    Announced announced;
    announced.goes_on = page->entries.back().more.value_or(false);
    announced_.merge(page->chunks);
    auto needed = co_await ask<protocol::RestoreEntries>({std::move(page->entries)});
    if (!needed) co_return std::unexpected(std::move(needed.error()));
    announced.portions = portions(needed->needed, announced_);
    co_return announced;
  }

  /// The runner writes files as their chunks come; meanwhile the next page is read and announced, so that
  /// neither side ever waits for the other's answer. Now and then it is asked what could not be written.
  net::Task<Result<void>> bring() {
    auto page = co_await announce();
    for (int pages = 1; page && !page->end; ++pages) {
      const bool pause = !page->goes_on && (left_out_ || pages % pages_between_writes == 0);
      if (!pause) {
        auto [sent, next] = co_await (send(std::move(page->portions)) && announce());
        if (!sent) co_return sent;
        page = std::move(next);
        continue;
      }
      if (auto sent = co_await send(std::move(page->portions)); !sent) co_return sent;
      if (auto written = co_await write(); !written) co_return written;
      page = co_await announce();
    }
    if (!page) co_return std::unexpected(std::move(page.error()));
    if (sink_)
      if (auto finished = co_await sink_->finish(); !finished) co_return finished;
    co_return co_await write();
  }

  net::Task<Result<void>> write() {
    auto written = co_await ask<protocol::RestoreWrite>({});
    if (!written) co_return std::unexpected(std::move(written.error()));
    append(problems_, std::move(written->problems));
    announced_.clear();
    left_out_ = false;
    co_return Result<void>();
  }

  net::Task<Result<Chunks>> read(std::vector<ObjectId> ids) {
    co_return co_await net::offload(parts_.threads, [&] {
      return parts_.objects.read(wish_.version.owner, ids, protocol::largest_chunk);
    });
  }

  net::Task<Result<void>> send(std::vector<std::vector<ObjectId>> portions) {
    if (portions.empty()) co_return Result<void>();
    if (!sink_) {
      auto sink = co_await parts_.runners.restore_objects(of_.workspace);
      if (!sink) co_return std::unexpected(std::move(sink.error()));
      sink_ = std::move(*sink);
    }
    auto chunks = co_await read(portions.front());
    for (std::size_t i = 0; i < portions.size(); ++i) {
      if (!chunks) co_return std::unexpected(std::move(chunks.error()));
      if (i + 1 == portions.size()) co_return co_await send_portion(portions[i], std::move(*chunks));
      auto [sent, next] = co_await (send_portion(portions[i], std::move(*chunks)) && read(portions[i + 1]));
      if (!sent) co_return sent;
      chunks = std::move(next);
    }
    co_return Result<void>();
  }

  /// Chunks that the store lacks are left out: the runner names the files that miss them.
  net::Task<Result<void>> send_portion(std::vector<ObjectId> ids, Chunks chunks) {
    std::string piece;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (!chunks[i]) {
        spdlog::error("workspace {}: chunk {} is missing or damaged; run berthd fsck", of_.workspace,
                      ids[i].hex());
        left_out_ = true;
        continue;
      }
      // Not compressed again: the way is short, and the store has just opened it.
      const auto size = static_cast<std::uint32_t>(chunks[i]->size());
      piece += protocol::encode_object({ids[i], size, false, false, std::move(*chunks[i])});
      if (piece.size() < byte_stream_piece) continue;
      std::size_t sent = 0;
      for (; piece.size() - sent >= byte_stream_piece; sent += byte_stream_piece)
        if (auto done = co_await sink_->write(piece.substr(sent, byte_stream_piece)); !done) co_return done;
      piece.erase(0, sent);
    }
    if (!piece.empty()) co_return co_await sink_->write(std::move(piece));
    co_return Result<void>();
  }

  const SyncParts& parts_;
  const WorkspaceOwner of_;
  const RestoreWish wish_;
  VersionEntries entries_;
  ChunkSizes announced_;  // since the last write, and not sent yet
  std::unique_ptr<ByteSink> sink_;
  bool left_out_ = false;  // a chunk, since the last write: a file waits for it
  Problems problems_;
};

}  // namespace

net::Task<Result<Problems>> restore_home(const SyncParts& parts, WorkspaceOwner of, RestoreWish wish) {
  if (!protocol::is_valid_utf8(wish.path))
    co_return failure(ErrorCode::invalid_argument,
                      "A path that is not UTF-8 can be restored with the folder it lies in.");
  Restore restore(parts, std::move(of), std::move(wish));
  co_return co_await restore.run();
}

net::Task<Result<void>> abandon_restore(const SyncParts& parts, std::string workspace, std::string version) {
  // What a runner that was restarted remembers has to begin again before it can end.
  auto begun = co_await ask_runner<protocol::RestoreBegin>(parts.runners, workspace, {version, ""});
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  auto ended = co_await ask_runner<protocol::RestoreEnd>(parts.runners, workspace, {version, "", false},
                                                         page_deadline);
  if (!ended) co_return std::unexpected(std::move(ended.error()));
  co_return Result<void>();
}

}  // namespace berth::server
