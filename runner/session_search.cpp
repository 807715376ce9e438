// SPDX-License-Identifier: GPL-3.0-or-later
// search/* requests.
#include <boost/asio/post.hpp>

#include "runner/session.hpp"
#include "runner/text_search.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::Task;

namespace {

constexpr std::uint32_t most_found = 100'000;

struct SearchFolder {
  std::string path;
  net::FileDescriptor fd;
};

/// The folder without links in its path, open.
Result<SearchFolder> open_search_folder(const net::ConfinedDirectory& home, const std::string& asked) {
  auto normal = net::normal_path(asked);
  if (!normal) return std::unexpected(normal.error());
  auto path = normal->empty() ? Result<std::string>("") : home.canonical(*normal);
  if (!path) return std::unexpected(path.error());
  auto fd = home.open_at(*path, O_RDONLY | O_DIRECTORY);
  if (!fd) return std::unexpected(fd.error());
  return SearchFolder{std::move(*path), std::move(*fd)};
}

}  // namespace

Task<Result<SearchText::Result>> Session::handle(SearchText, SearchText::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  if (auto good = check_search(params.query, params.replacement); !good)
    co_return std::unexpected(good.error());
  if (params.limit && (*params.limit < 1 || *params.limit > most_found))
    co_return failure(ErrorCode::invalid_argument, "search/text.limit: not in 1..100000");
  end_search();
  const auto number = next_search_++;
  auto folder = co_await net::offload(workspace_.pool, [&] {
    return open_search_folder(workspace_.files.directory(),
                              params.query.folder.value_or(workspace_.start.project));
  });
  if (!folder) co_return std::unexpected(folder.error());
  if (connection_ != asked_on) co_return failure(ErrorCode::unavailable, "The connection was lost.");
  // A later one may have come while this one waited.
  if (search_ && search_->number() > number)
    co_return failure(ErrorCode::cancelled, "Another search was begun.");
  end_search();
  const auto mine = [weak = weak_from_this(), number]() -> std::shared_ptr<Session> {
    auto session = weak.lock();
    return session && session->search_ && session->search_->number() == number ? session : nullptr;
  };
  search_ = std::make_shared<TextSearch>(workspace_, number, std::move(params), std::move(folder->path),
                                         std::move(folder->fd),
                                         TextSearch::Client{[mine](const SearchFound::Params& found) {
                                                              if (const auto session = mine())
                                                                session->notify<SearchFound>(found);
                                                            },
                                                            [mine](const SearchEnded::Params& ended) {
                                                              const auto session = mine();
                                                              if (!session) return;
                                                              session->search_.reset();
                                                              session->notify<SearchEnded>(ended);
                                                            },
                                                            [mine]() -> std::size_t {
                                                              const auto session = mine();
                                                              return session ? session->unsent() : 0;
                                                            }});
  // Behind the answer that names it.
  boost::asio::post(workspace_.io, [self, search = search_] {
    if (self->search_ == search) self->workspace_.tasks.spawn(TextSearch::run(search));
  });
  co_return SearchText::Result{number};
}

Result<Empty> Session::handle(SearchCancel, SearchCancel::Params params) {
  if (search_ && search_->number() == params.search) end_search();
  return Empty{};
}

void Session::end_search() {
  if (const auto search = std::exchange(search_, nullptr)) search->cancel();
}

Task<Result<SearchReplace::Result>> Session::handle(SearchReplace, SearchReplace::Params params) {
  const auto self = shared_from_this();
  note_person_input();
  co_return co_await workspace_.replacements.replace(id_, std::move(params));
}

Task<Result<SearchUndoReplace::Result>> Session::handle(SearchUndoReplace, SearchUndoReplace::Params params) {
  const auto self = shared_from_this();
  note_person_input();
  co_return co_await workspace_.replacements.undo(id_, std::move(params.replacement));
}

}  // namespace berth::runner
