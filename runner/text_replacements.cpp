// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/text_replacements.hpp"

#include <algorithm>
#include <set>

#include "runner/text_search.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;
using net::offload;
using protocol::ReadOnlyReason;
using protocol::SearchReplace;
using protocol::SearchUndoReplace;

constexpr std::size_t most_files = 10'000;
constexpr std::size_t files_at_once = 64;
constexpr std::uint64_t bytes_at_once = 16u << 20;
constexpr int exact_attempts = 4;  // while somebody types there; then it is brought around what was typed
// Of one file: its edit is one message to every window.
constexpr std::size_t most_matches_of_file = 100'000;
constexpr std::uint64_t most_inserted = 4u << 20;
constexpr std::uint64_t most_matches_at_once = 1'000'000;
constexpr std::size_t longest_line_json = 64u << 20;

std::string words_of(ReadOnlyReason reason) {
  switch (reason) {
    case ReadOnlyReason::size:
      return "It is too large to be edited.";
    case ReadOnlyReason::encoding:
      return "Its encoding is not known: convert it first.";
    case ReadOnlyReason::line_ending:
      return "Its lines end in different ways: convert it first.";
    case ReadOnlyReason::outside_home:
      return "It is not in your home.";
    case ReadOnlyReason::role:
    case ReadOnlyReason::permission:
      return "It may not be written.";
  }
  return {};
}

/// "Line 3 was changed since."
std::string words_of_changed(std::vector<std::uint64_t> lines) {
  constexpr std::size_t most_named = 5;
  const auto gone = std::ranges::unique(lines);
  lines.erase(gone.begin(), gone.end());
  std::string named;
  for (std::size_t i = 0; i < std::min(lines.size(), most_named); ++i)
    named += (i == 0 ? "" : ", ") + std::to_string(lines[i]);
  if (lines.size() == 1) return "Line " + named + " was changed since.";
  if (lines.size() > most_named) named += " and others";
  return "Lines " + named + " were changed since.";
}

class Busy {
 public:
  explicit Busy(bool& flag) : flag_(flag) { flag_ = true; }
  ~Busy() { flag_ = false; }
  Busy(const Busy&) = delete;

 private:
  bool& flag_;
};

/// A pattern of bytes, "(?-u:\xa9)", may fit a part of a character.
bool on_characters(std::string_view text, const std::vector<Replacing>& replacing) {
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  return std::ranges::none_of(
      replacing, [&](const Replacing& one) { return is_inside(one.start) || is_inside(one.end); });
}

constexpr const char* too_late_words =
    "The replacement took too long, and did not come to this file: replace in what is left by itself.";
constexpr const char* unstored_words = "Its changes can't be stored now: try again when they can.";
constexpr const char* broke_off_words = "Something went wrong here: look at it before you try again.";
constexpr const char* too_much_words =
    "It would be more than can be taken back at once: replace in what is left by itself.";

Error busy_error() {
  return {ErrorCode::unavailable, "Another replacement goes on in this workspace: wait for it.", {}, {}};
}

}  // namespace

/// Documents that are open for this; they are let go however this ends.
class TextReplacements::Openings {
 public:
  Openings(Documents& documents, std::string opener) : documents_(documents), opener_(std::move(opener)) {}
  ~Openings() { documents_.release(opener_, open_); }
  Openings(const Openings&) = delete;

  void add(const std::string& document) { open_.insert(document); }
  void closed(const std::string& document) { open_.erase(document); }

 private:
  Documents& documents_;
  const std::string opener_;
  std::set<std::string> open_;
};

template <class Item, class Do>
net::Task<void> TextReplacements::each(std::vector<Item>& items, Do act) {
  // They refer to this frame: it waits for them also when the workspace stops.
  co_await asio::this_coro::throw_if_cancelled(false);
  // Its last owner is the last task, also one that the group did not begin any more.
  auto done = std::make_shared<asio::steady_timer>(io_, asio::steady_timer::time_point::max());
  auto last = std::shared_ptr<void>(nullptr, [done](void*) { done->cancel(); });
  const std::weak_ptr<void> going = last;
  for (auto& item : items) tasks_.spawn([&item, &act, last]() -> net::Task<void> { co_await act(item); });
  last.reset();
  while (!going.expired()) {
    boost::system::error_code ignored;
    co_await done->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

net::Task<Result<DocumentPointer>> TextReplacements::open(std::string opener, std::string path,
                                                          std::string known) {
  protocol::DocumentOpen::Params params{};
  params.path = std::move(path);
  if (!known.empty()) params.known_document = std::move(known);
  auto opened = co_await documents_.open(std::move(opener), std::move(params), true);
  if (!opened) co_return std::unexpected(opened.error());
  co_return opened->document;
}

net::Task<void> TextReplacements::take_text(OpenFile& file) {
  file.version = file.document->version();
  file.chain = file.document->chain;
  const auto text = file.document->text();
  file.text = co_await offload(pool_, [&] { return text.str(); });
}

/// A sentence about why it can't be. What somebody else has open is written as their typing is, within a
/// second: who types without a pause would hold this up.
net::Task<std::string> TextReplacements::write(DocumentPointer document) {
  if (document->sessions.size() > 1) co_return "";
  const auto saved = co_await documents_.save(document);
  if (saved) co_return "";
  co_return "It was changed, but could not be written yet: " + saved.error().message;
}

// ---- replacing
// ----------------------------------------------------------------------------------------------------------

net::Task<Result<SearchReplace::Result>> TextReplacements::replace(std::string session,
                                                                   SearchReplace::Params params) {
  if (auto good = check_search(params.query, params.replacement); !good)
    co_return std::unexpected(good.error());
  if (params.files.empty() || params.files.size() > most_files)
    co_return failure(ErrorCode::invalid_argument, "search/replace.files: not 1..10000");
  if (busy_) co_return std::unexpected(busy_error());
  const Busy busy(busy_);
  Work work;
  work.session = std::move(session);
  work.replacement.id = "r-" + random_search_mark();
  work.opener = work.replacement.id;
  work.until = std::chrono::steady_clock::now() + patience_;
  Openings openings(documents_, work.opener);
  work.params = std::move(params);
  auto& result = work.result;
  result.replacement = work.replacement.id;
  result.files = result.matches = 0;

  std::set<std::string> seen;
  Files batch;
  std::uint64_t bytes = 0;
  auto& asked = work.params.files;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto path = asked[i].path;
    if (work.replacement.remembered > most_remembered) {
      result.problems.push_back({path, too_much_words});
      continue;
    }
    if (std::chrono::steady_clock::now() >= work.until) {
      result.problems.push_back({path, too_late_words});
      continue;
    }
    auto document = co_await open(work.opener, path, "");
    if (!document) {
      result.problems.push_back({path, document.error().message});
    } else if (openings.add((*document)->id()); seen.insert((*document)->id()).second) {
      auto file = std::make_unique<OpenFile>();
      file->asked = std::move(asked[i]);
      if (auto& lines = file->asked.only_lines) std::ranges::sort(*lines);
      file->document = *document;
      bytes += (*document)->text().bytes();
      batch.push_back(std::move(file));
    }
    if (batch.size() < files_at_once && bytes < bytes_at_once && i + 1 < asked.size()) continue;
    co_await replace_batch(work, openings, std::exchange(batch, {}));
    bytes = 0;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return failure(ErrorCode::unavailable, "The workspace stops.");
  }
  if (!batch.empty()) co_await replace_batch(work, openings, std::move(batch));

  if (!work.replacement.files.empty()) {
    kept_.push_back(std::move(work.replacement));
    std::uint64_t remembered = 0;
    for (const auto& kept : kept_) remembered += kept.remembered;
    while (kept_.size() > most_kept || (kept_.size() > 1 && remembered > most_remembered)) {
      remembered -= kept_.front().remembered;
      kept_.pop_front();
    }
  }
  co_return std::move(result);
}

net::Task<void> TextReplacements::replace_batch(Work& work, Openings& openings, Files files) {
  std::vector<OpenFile*> good;
  for (auto& file : files) {
    const auto& document = *file->document;
    if (document.read_only || document.paged) {
      file->problem = words_of(document.read_only.value_or(ReadOnlyReason::size));
      continue;
    }
    co_await take_text(*file);
    good.push_back(file.get());
  }
  if (!good.empty())
    if (auto found = co_await find(work, good); !found)
      for (auto* file : good)
        if (file->problem.empty()) file->problem = found.error().message;
  co_await each(files, [this, &work, &openings](const std::unique_ptr<OpenFile>& file) -> net::Task<void> {
    if (file->problem.empty()) co_await replace_in(work, *file);
    file->looked_at = true;
    // Also writes what is not written yet.
    auto closed = co_await documents_.close(work.opener, file->document->id());
    openings.closed(file->document->id());
    if (!closed && file->problem.empty()) file->problem = closed.error().message;
  });
  for (const auto& file : files) {
    if (file->changed) ++work.result.files;
    work.result.matches += file->matches;
    if (!file->looked_at) file->problem = broke_off_words;
    if (!file->problem.empty()) work.result.problems.push_back({file->asked.path, file->problem});
  }
}

/// Fills in what is to be replaced, from the texts.
net::Task<Result<void>> TextReplacements::find(const Work& work, std::vector<OpenFile*> files) {
  struct Begin {
    std::uint64_t byte, line;
  };
  std::vector<Begin> begins;
  std::vector<std::string_view> pieces;
  auto input = co_await offload(pool_, [&] {
    Begin next{0, 0};
    for (auto* file : files) {
      file->replacing.clear();
      begins.push_back(next);
      if (file->text.empty()) continue;
      pieces.emplace_back(file->text);
      next.byte += file->text.size();
      next.line += static_cast<std::uint64_t>(std::ranges::count(file->text, '\n'));
      if (file->text.ends_with('\n')) continue;
      pieces.emplace_back("\n");
      ++next.byte, ++next.line;
    }
    return file_in_memory(pieces);
  });
  if (!input) co_return std::unexpected(input.error());
  auto program = programs_.run(text_arguments(work.params.query), home_.fd(), input->get());
  if (!program) co_return std::unexpected(program.error());

  const auto& replacement = work.params.replacement;
  const bool groups = has_groups(work.params.query, replacement);
  std::uint64_t all_found = 0;
  std::vector<FoundLine> lines;                             // with groups
  std::vector<std::pair<std::size_t, std::size_t>> wanted;  // file and index, in the order of their texts
  SearchOutput output(
      {.on_file = {},
       .on_line =
           [&](FoundLine line) {
             const auto after = std::ranges::upper_bound(begins, line.offset, {}, &Begin::byte);
             const auto which = static_cast<std::size_t>(after - begins.begin()) - 1;
             auto& file = *files[which];
             const auto number = line.line - begins[which].line;
             const auto& only = file.asked.only_lines;
             if (only && !std::ranges::binary_search(*only, number)) return;
             if (file.replacing.size() + line.all_matches > most_matches_of_file) {
               file.problem = "It has more than 100,000 matches.";
               return;
             }
             if ((all_found += line.all_matches) > most_matches_at_once) {
               file.problem = too_much_words;
               return;
             }
             const auto at = static_cast<std::size_t>(line.offset - begins[which].byte);
             for (const auto& match : line.matches) {
               file.replacing.push_back({at + match.start, at + match.end, groups ? "" : replacement});
               if (groups) wanted.emplace_back(which, file.replacing.size() - 1);
             }
             if (groups) lines.push_back(std::move(line));
           },
       .on_file_end = {}},
      most_matches_of_file + 1, longest_line_json);
  std::string bytes;
  while (co_await (*program)->read(bytes)) {
    co_await offload(pool_, [&] { output.feed(bytes); });
    bytes.clear();
  }
  if (auto problem = co_await (*program)->ended(); !problem.empty())
    co_return failure(ErrorCode::invalid_argument, problem);
  if (output.skipped() > 0)
    co_return failure(ErrorCode::too_large,
                      "A line of it, or of a file that was looked through with it, is too long.");
  if (!groups) co_return Result<void>();
  std::vector<std::string> texts;
  if (auto made = co_await find_texts(work, lines, texts); !made) co_return made;
  if (texts.size() != wanted.size())
    co_return failure(ErrorCode::internal, "ripgrep gave other matches the second time.");
  for (std::size_t i = 0; i < wanted.size(); ++i)
    files[wanted[i].first]->replacing[wanted[i].second].text = std::move(texts[i]);
  co_return Result<void>();
}

/// What comes in the place of each match in these lines.
net::Task<Result<void>> TextReplacements::find_texts(const Work& work, const std::vector<FoundLine>& lines,
                                                     std::vector<std::string>& texts) {
  std::vector<std::string_view> pieces;
  for (const auto& line : lines) {
    pieces.emplace_back(line.bytes);
    pieces.emplace_back("\n");
  }
  const auto input = co_await offload(pool_, [&] { return file_in_memory(pieces); });
  if (!input) co_return std::unexpected(input.error());
  const auto mark = random_search_mark();
  auto program = programs_.run(replacing_arguments(work.params.query, work.params.replacement, mark),
                               home_.fd(), input->get());
  if (!program) co_return std::unexpected(program.error());
  ReplacementOutput output(opening_mark(mark), closing_mark(mark), most_inserted);
  std::string bytes;
  while (co_await (*program)->read(bytes)) {
    co_await offload(pool_, [&] { output.feed(bytes); });
    bytes.clear();
    if (output.cut() || output.size() > most_remembered)
      co_return failure(ErrorCode::too_large, "More than 4 MiB would be put into one place.");
  }
  if (auto problem = co_await (*program)->ended(); !problem.empty())
    co_return failure(ErrorCode::invalid_argument, problem);
  texts = std::move(output.taken());
  co_return Result<void>();
}

net::Task<void> TextReplacements::replace_in(Work& work, OpenFile& file) {
  for (int attempt = 1;; ++attempt) {
    if (attempt > 1) {
      co_await take_text(file);
      if (auto found = co_await find(work, {&file}); !found) file.problem = found.error().message;
    }
    if (!file.problem.empty() || file.replacing.empty()) co_return;
    for (const auto& one : file.replacing)
      if (!protocol::is_valid_utf8(one.text)) {
        file.problem = "What would be put in is not text.";
        co_return;
      }
    if (!on_characters(file.text, file.replacing)) {
      file.problem = "A part of a character fits, and is not replaced by itself.";
      co_return;
    }
    auto made = co_await offload(pool_, [&] { return make_replacement(file.text, file.replacing); });
    if (made.inserted > most_inserted) {
      file.problem = "More than 4 MiB would be put into it.";
      co_return;
    }
    if (made.places.empty()) co_return;
    if (work.replacement.remembered > most_remembered) {
      file.problem = too_much_words;
      co_return;
    }
    const bool same_chain = file.document->chain == file.chain;
    const bool exact = same_chain && file.document->version() == file.version;
    if (!exact && attempt < exact_attempts) continue;
    if (!same_chain) {  // the version that this was made of is another text's number by now
      file.problem = unstored_words;
      co_return;
    }
    work.replacement.remembered += made.remembered;  // before the wait: others of the batch look at it
    auto version =
        co_await documents_.change(file.document, file.version, std::move(made.operation), work.session);
    if (!version) {
      file.problem = version.error().message;
      co_return;
    }
    file.changed = true;
    file.matches = made.places.size();
    // Around what was typed meanwhile only their lines tell where the places are.
    work.replacement.files.push_back({file.document->path, exact ? file.document->id() : std::string(),
                                      *version, file.document->chain, exact ? made.text_hash : 0,
                                      std::move(made.places)});
    file.problem = co_await write(file.document);
    co_return;
  }
}

// ---- taking back
// --------------------------------------------------------------------------------------------------------

net::Task<Result<SearchUndoReplace::Result>> TextReplacements::undo(std::string session, std::string id) {
  if (busy_) co_return std::unexpected(busy_error());
  const auto found = std::ranges::find(kept_, id, &Replacement::id);
  if (found == kept_.end())
    co_return failure(ErrorCode::not_found, "This replacement is not remembered any more.");
  const Busy busy(busy_);
  const auto replacement = std::move(*found);
  kept_.erase(found);
  const auto opener = "undo-" + replacement.id;
  SearchUndoReplace::Result result{};
  for (std::size_t first = 0; first < replacement.files.size(); first += files_at_once) {
    std::vector<const ChangedFile*> files;
    for (auto i = first; i < std::min(first + files_at_once, replacement.files.size()); ++i)
      files.push_back(&replacement.files[i]);
    co_await each(files, [&](const ChangedFile* file) -> net::Task<void> {
      co_await take_back(session, opener, *file, result);
    });
  }
  co_return std::move(result);
}

net::Task<void> TextReplacements::take_back(std::string session, std::string opener, const ChangedFile& file,
                                            SearchUndoReplace::Result& result) {
  auto document = co_await open(opener, file.path, file.document);
  if (!document) {
    result.problems.push_back({file.path, document.error().message});
    co_return;
  }
  Openings openings(documents_, opener);
  openings.add((*document)->id());
  bool changed = false;
  auto problem = co_await take_back_in(session, *document, file, changed);
  auto closed = co_await documents_.close(opener, (*document)->id());
  openings.closed((*document)->id());
  if (!closed && problem.empty()) problem = closed.error().message;
  if (changed) ++result.files;
  if (!problem.empty()) result.problems.push_back({(*document)->path, problem});
}

/// A sentence about what was not taken back.
net::Task<std::string> TextReplacements::take_back_in(std::string session, DocumentPointer document,
                                                      const ChangedFile& file, bool& changed) {
  if (document->read_only) co_return words_of(*document->read_only);
  if (document->paged) co_return words_of(ReadOnlyReason::size);
  for (int attempt = 1;; ++attempt) {
    const auto version = document->version();
    const auto chain = document->chain;
    const auto text = document->text();
    // What came since is known, or the text tells.
    std::vector<PlaceNow> now;
    if (document->id() == file.document && chain == file.chain) {
      std::vector<std::int64_t> starts, ends;
      for (const auto& place : file.places) {
        starts.push_back(place.start);
        ends.push_back(place.end);
      }
      const auto& merge = document->merge();
      const auto first = merge.map_forward(file.version, version, starts, protocol::Bias::after);
      const auto last = merge.map_forward(file.version, version, ends, protocol::Bias::before);
      if (first && last)
        for (std::size_t i = 0; i < starts.size(); ++i) {
          const bool is_point = starts[i] == ends[i];  // nothing was put in: typing there moves both sides
          now.emplace_back(std::pair((*first)[i], is_point ? (*first)[i] : (*last)[i]));
        }
    }
    auto taken = co_await offload(pool_, [&] {
      const auto all = text.str();
      if (now.empty() && hash_of_text(all) == file.text_hash)
        for (const auto& place : file.places) now.emplace_back(std::pair(place.start, place.end));
      if (now.empty()) now = find_by_lines(all, file.places);
      return take_back_places(all, file.places, now);
    });
    const auto words = taken.changed_lines.empty() ? "" : words_of_changed(taken.changed_lines);
    if (taken.operation.is_identity()) co_return words;
    if ((document->version() != version || document->chain != chain) && attempt < exact_attempts) continue;
    if (document->chain != chain) co_return unstored_words;
    auto done = co_await documents_.change(document, version, std::move(taken.operation), session);
    if (!done) co_return done.error().message;
    changed = true;
    auto problem = co_await write(document);
    co_return problem.empty() ? std::string(words) : problem;
  }
}

}  // namespace berth::runner
