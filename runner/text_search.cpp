// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/text_search.hpp"

#include <sys/random.h>

#include <cstdlib>

#include "protocol/connect_token.hpp"
#include "runner/home_path.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

constexpr std::uint32_t usual_limit = 20'000;
constexpr std::size_t most_matches_of_line = 1000;
// Of one file, before it is known whether it is text to its end.
constexpr std::size_t kept_of_file = 32u << 10;
constexpr std::size_t most_unsent = 128u << 10;                          // as bulk streams
constexpr std::size_t longest_preview = 4096, most_previews = 8u << 20;  // bytes; what is beyond has none
constexpr std::chrono::minutes longest_search{10};

}  // namespace

std::string random_search_mark() {
  char bytes[18];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  return protocol::encode_base64url({bytes, sizeof bytes});
}

/// A document's text that its file lacks.
struct TextSearch::Unsaved {
  std::string path;  // as ripgrep names it
  DocumentText text;
};

TextSearch::TextSearch(Workspace& workspace, std::uint64_t number, protocol::SearchText::Params params,
                       std::string folder, net::FileDescriptor folder_fd, Client client)
    : workspace_(workspace),
      number_(number),
      params_(std::move(params)),
      folder_(std::move(folder)),
      folder_fd_(std::move(folder_fd)),
      client_(std::move(client)),
      taken_(workspace.io, asio::steady_timer::time_point::max()),
      deadline_(workspace.io),
      limit_(params_.limit.value_or(usual_limit)) {}

void TextSearch::cancel() {
  cancelled_ = true;
  if (program_) program_->kill();
  if (preview_program_) preview_program_->kill();
  taken_.cancel();
  deadline_.cancel();
}

net::Task<void> TextSearch::run(std::shared_ptr<TextSearch> self) {
  self->deadline_.expires_after(longest_search);
  self->deadline_.async_wait([weak = self->weak_from_this()](const boost::system::error_code& error) {
    const auto search = weak.lock();
    if (error || !search) return;
    search->late_ = true;
    if (search->program_) search->program_->kill();
    if (search->preview_program_) search->preview_program_->kill();
    search->taken_.cancel();
  });
  auto problem = co_await self->look();
  self->deadline_.cancel();
  self->program_.reset();
  self->preview_program_.reset();
  if (self->cancelled_) co_return;
  if (self->cut_) problem.clear();
  if (self->late_) problem = "The search took longer than 10 minutes and was ended.";
  if (problem.empty() && self->skipped_ > 0)
    problem = "Lines with more than a few megabytes were left out, the first of them in " +
              self->shown_path(self->skipped_in_) + ".";
  protocol::SearchEnded::Params ended{.search = self->number_,
                                      .files = self->files_,
                                      .matches = self->matches_,
                                      .cut = self->cut_,
                                      .problem = {}};
  if (!problem.empty()) ended.problem = std::move(problem);
  self->client_.ended(ended);
}

net::Task<std::string> TextSearch::look() {
  auto problem = co_await look_through_unsaved();
  if (!problem.empty() || over()) co_return problem;
  co_return co_await look_through_files();
}

std::string TextSearch::shown_path(const std::string& path) const { return joined(folder_, path); }

// ---- what documents have and their files lack
// ----------------------------------------------------------------------------

net::Task<std::string> TextSearch::look_through_unsaved() {
  std::vector<Unsaved> unsaved;
  const std::string below = folder_.empty() ? "" : folder_ + "/";
  for (const auto& [path, text] : workspace_.documents.unsaved())
    if (path.starts_with(below)) unsaved.emplace_back(path.substr(below.size()), text);
  if (unsaved.empty()) co_return "";
  const auto wanted = co_await listed(unsaved);
  if (!wanted) co_return wanted.error().message;
  for (const auto& document : unsaved) {
    if (over()) co_return "";
    if (!wanted->contains(document.path)) continue;
    std::vector<std::string_view> pieces;
    for (const auto& piece : document.text.pieces()) pieces.push_back(piece->utf8);
    auto input = co_await net::offload(workspace_.pool, [&] { return file_in_memory(pieces); });
    if (!input) co_return input.error().message;
    auto program =
        workspace_.search_programs.run(text_arguments(params_.query), folder_fd_.get(), input->get());
    if (!program) co_return program.error().message;
    program_ = std::move(*program);
    auto output = output_for(document.path);
    if (auto problem = co_await take_in(*program_, output); !problem.empty()) co_return problem;
    unsaved_paths_.insert(document.path);
  }
  co_return "";
}

/// Those of them that the walk would look through.
net::Task<Result<std::set<std::string>>> TextSearch::listed(const std::vector<Unsaved>& unsaved) {
  std::set<std::string> names, found;
  for (const auto& document : unsaved) names.insert(document.path);
  auto program = workspace_.search_programs.run(listing_arguments(params_.query), folder_fd_.get(), -1);
  if (!program) co_return std::unexpected(program.error());
  program_ = std::move(*program);
  std::string output;
  while (!over() && found.size() < names.size() && co_await program_->read(output)) {
    std::string_view left = output;
    for (auto end = left.find('\0'); end != left.npos; end = left.find('\0')) {
      auto name = left.substr(0, end);
      if (name.starts_with("./")) name.remove_prefix(2);
      if (const auto known = names.find(std::string(name)); known != names.end()) found.insert(*known);
      left.remove_prefix(end + 1);
    }
    output = std::string(left);
  }
  program_->kill();
  co_return found;
}

// ---- files
// --------------------------------------------------------------------------------------------------------------

net::Task<std::string> TextSearch::look_through_files() {
  auto program = workspace_.search_programs.run(walk_arguments(params_.query), folder_fd_.get(), -1);
  if (!program) co_return program.error().message;
  program_ = std::move(*program);
  auto output = output_for("");
  co_return co_await take_in(*program_, output);
}

/// What is found goes to ready_ by way of current_. `path`: of what is on standard input.
SearchOutput TextSearch::output_for(std::string path) {
  const auto is_walk = path.empty();
  return SearchOutput({[this, path](const std::string& name) {
                         current_ = {path.empty() ? name : path, {}};
                         current_bytes_ = 0;
                         current_told_ = false;
                       },
                       [this, is_walk](FoundLine line) {
                         if (is_walk && unsaved_paths_.contains(current_.path))
                           return;  // its document has another text
                         current_bytes_ += line.bytes.size() + line.matches.size() * sizeof(FoundLine::Range);
                         current_.lines.push_back(std::move(line));
                         if (current_bytes_ > kept_of_file) let_go(false);
                       },
                       [this](bool binary) { let_go(binary && !current_told_); }},
                      most_matches_of_line);
}

/// What is kept of the current file may be told, or was no text.
void TextSearch::let_go(bool drop) {
  auto lines = std::exchange(current_.lines, {});
  current_bytes_ = 0;
  if (drop || lines.empty()) return;
  current_told_ = true;
  ready_.push_back({current_.path, std::move(lines)});
}

net::Task<std::string> TextSearch::take_in(SearchProgram& program, SearchOutput& output) {
  std::string bytes;
  while (!over()) {
    bytes.clear();
    if (!co_await program.read(bytes)) break;
    co_await net::offload(workspace_.pool, [&] { output.feed(bytes); });
    if (auto problem = co_await send(); !problem.empty()) co_return problem;
  }
  if (over()) {
    program.kill();
    co_return "";
  }
  let_go(false);
  if (auto problem = co_await send(); !problem.empty()) co_return problem;
  if (output.skipped() > 0 && std::exchange(skipped_, skipped_ + output.skipped()) == 0)
    skipped_in_ = output.skipped_in();
  co_return co_await program.ended();
}

// ---- telling
// ------------------------------------------------------------------------------------------------------------

net::Task<std::string> TextSearch::send() {
  auto found = std::exchange(ready_, {});
  // Up to the limit; that there is more is known only by seeing it.
  for (auto& file : found) {
    for (auto line = file.lines.begin(); line != file.lines.end(); ++line) {
      const auto room = limit_ - matches_;
      if (room == 0) {
        cut_ = true;
        file.lines.erase(line, file.lines.end());
        break;
      }
      if (line->matches.size() > room) {
        cut_ = true;
        line->matches.resize(room);
      }
      matches_ += line->matches.size();
    }
    if (!file.lines.empty() && std::exchange(last_told_, file.path) != file.path) ++files_;
  }
  std::erase_if(found, [](const auto& file) { return file.lines.empty(); });
  if (found.empty() || cancelled_) co_return "";

  protocol::SearchFound::Params told{.search = number_, .files = {}};
  const auto& replacement = params_.replacement;
  std::vector<std::string> texts;
  const bool asked = replacement && has_groups(params_.query, *replacement);
  if (asked) {
    auto made = co_await replacements(found);
    if (!made) co_return made.error().message;
    texts = std::move(*made);
  }
  co_await net::offload(workspace_.pool, [&] {
    std::size_t next = 0;
    for (const auto& file : found) {
      auto& shown = told.files.emplace_back(shown_path(file.path), std::vector<protocol::SearchLine>{});
      for (const auto& line : file.lines) {
        const auto count = line.matches.size();
        std::vector<std::string> mine;
        if (asked && next < texts.size())
          mine.assign(texts.begin() + static_cast<std::ptrdiff_t>(next),
                      texts.begin() + static_cast<std::ptrdiff_t>(std::min(next + count, texts.size())));
        else if (replacement && !asked)
          mine.assign(count, *replacement);
        next += line.all_matches;
        shown.lines.push_back(shown_line(line, mine));
      }
    }
  });
  co_await wait_for_room();
  if (!cancelled_) client_.found(told);
  co_return "";
}

/// Asked of ripgrep, line by line: only it knows what the groups of a match are.
net::Task<Result<std::vector<std::string>>> TextSearch::replacements(const std::vector<Found>& found) {
  std::vector<std::string_view> pieces;
  for (const auto& file : found)
    for (const auto& line : file.lines) {
      pieces.emplace_back(line.bytes);
      pieces.emplace_back("\n");
    }
  const auto input = co_await net::offload(workspace_.pool, [&] { return file_in_memory(pieces); });
  if (!input) co_return std::unexpected(input.error());
  if (mark_.empty()) mark_ = random_search_mark();
  auto program = workspace_.search_programs.run(
      replacing_arguments(params_.query, *params_.replacement, mark_), folder_fd_.get(), input->get());
  if (!program) co_return std::unexpected(program.error());
  preview_program_ = std::move(*program);
  ReplacementOutput output(opening_mark(mark_), closing_mark(mark_), longest_preview);
  std::string bytes;
  while (!cancelled_ && !late_ && output.size() < most_previews && co_await preview_program_->read(bytes)) {
    co_await net::offload(workspace_.pool, [&] { output.feed(bytes); });
    bytes.clear();
  }
  preview_program_.reset();
  co_return std::move(output.taken());
}

net::Task<void> TextSearch::wait_for_room() {
  while (!cancelled_ && !late_ && client_.unsent() > most_unsent) {
    boost::system::error_code ignored;
    co_await taken_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) cancelled_ = true;
  }
}

}  // namespace berth::runner
