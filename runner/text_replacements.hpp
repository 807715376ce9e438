// SPDX-License-Identifier: GPL-3.0-or-later
// Replacing in many files, each by one edit of its document, and taking that back. Runs on the runner's
// thread; what takes long is done on the pool.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "runner/documents.hpp"
#include "runner/search_output.hpp"
#include "runner/search_programs.hpp"
#include "runner/text_places.hpp"

namespace berth::runner {

class TextReplacements {
 public:
  static constexpr std::size_t most_kept = 20;
  /// Bytes of what was put in and what stood there, for taking it back: of one replacement, and of all.
  static constexpr std::uint64_t most_remembered = 64u << 20;
  /// That one replacement may take; what is left by then is told, and can be asked for again.
  static constexpr std::chrono::minutes longest{10};

  TextReplacements(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
                   const net::ConfinedDirectory& home, Documents& documents, SearchPrograms& programs,
                   std::chrono::milliseconds patience = longest)
      : io_(io),
        pool_(pool),
        tasks_(tasks),
        home_(home),
        documents_(documents),
        programs_(programs),
        patience_(patience) {}

  /// `session` is who asks. One at a time: unavailable while another goes on.
  net::Task<Result<protocol::SearchReplace::Result>> replace(std::string session,
                                                             protocol::SearchReplace::Params params);
  net::Task<Result<protocol::SearchUndoReplace::Result>> undo(std::string session, std::string id);

 private:
  struct ChangedFile {
    std::string path, document;
    std::uint64_t version;
    std::uint64_t chain;  // Document::chain: versions before a journal that failed are not those after it
    std::uint64_t text_hash;
    std::vector<ReplacedPlace> places;
  };
  struct Replacement {
    std::string id;
    std::vector<ChangedFile> files;
    std::uint64_t remembered = 0;
  };
  /// A file whose document is open for it.
  struct OpenFile {
    protocol::ReplaceFile asked;
    DocumentPointer document;
    std::uint64_t version = 0, chain = 0;
    std::string text;
    std::vector<Replacing> replacing;
    std::string problem;
    std::uint64_t matches = 0;
    bool changed = false;
    bool looked_at = false;  // else what was to be done with it broke off
  };
  struct Work {
    std::string session;  // who asked
    std::string opener;   // that documents are open for
    protocol::SearchReplace::Params params;
    Replacement replacement;
    protocol::SearchReplace::Result result;
    std::chrono::steady_clock::time_point until = {};
  };
  class Openings;
  using Files = std::vector<std::unique_ptr<OpenFile>>;

  net::Task<Result<DocumentPointer>> open(std::string opener, std::string path, std::string known);
  net::Task<void> take_text(OpenFile& file);
  net::Task<std::string> write(DocumentPointer document);
  net::Task<Result<void>> find(const Work& work, std::vector<OpenFile*> files);
  net::Task<Result<void>> find_texts(const Work& work, const std::vector<FoundLine>& lines,
                                     std::vector<std::string>& texts);
  net::Task<void> replace_batch(Work& work, Openings& openings, Files files);
  net::Task<void> replace_in(Work& work, OpenFile& file);
  net::Task<void> take_back(std::string session, std::string opener, const ChangedFile& file,
                            protocol::SearchUndoReplace::Result& result);
  net::Task<std::string> take_back_in(std::string session, DocumentPointer document, const ChangedFile& file,
                                      bool& changed);
  /// Does this with each of them, side by side, and waits for all.
  template <class Item, class Do>
  net::Task<void> each(std::vector<Item>& items, Do act);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& pool_;
  net::TaskGroup& tasks_;
  const net::ConfinedDirectory& home_;
  Documents& documents_;
  SearchPrograms& programs_;
  const std::chrono::milliseconds patience_;
  std::deque<Replacement> kept_;
  bool busy_ = false;
};

}  // namespace berth::runner
