// SPDX-License-Identifier: GPL-3.0-or-later
// One search through files: ripgrep's walk, and the text of documents that their files do not have yet, told
// piece by piece as the client takes it. Runs on the runner's thread; what takes long is done on the pool.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "runner/search_output.hpp"
#include "runner/search_programs.hpp"

namespace berth::runner {

struct Workspace;

class TextSearch : public std::enable_shared_from_this<TextSearch> {
 public:
  /// What it needs of its session.
  struct Client {
    std::function<void(const protocol::SearchFound::Params&)> found;
    std::function<void(const protocol::SearchEnded::Params&)> ended;
    std::function<std::size_t()> unsent;
  };
  /// `folder`: canonical, and open.
  TextSearch(Workspace& workspace, std::uint64_t number, protocol::SearchText::Params params,
             std::string folder, net::FileDescriptor folder_fd, Client client);

  std::uint64_t number() const { return number_; }
  /// Tells what is found, and in the end that it is over; nothing after cancel().
  static net::Task<void> run(std::shared_ptr<TextSearch> self);
  /// The client does not want it any more, or is gone.
  void cancel();
  /// The client has taken what waited for it.
  void on_writable() { taken_.cancel(); }

 private:
  struct Found {
    std::string path;
    std::vector<FoundLine> lines;
  };
  struct Unsaved;
  net::Task<std::string> look();
  net::Task<Result<std::set<std::string>>> listed(const std::vector<Unsaved>& unsaved);
  net::Task<std::string> look_through_unsaved();
  net::Task<std::string> look_through_files();
  /// Feeds on one run of ripgrep to its end.
  net::Task<std::string> take_in(SearchProgram& program, SearchOutput& output);
  SearchOutput output_for(std::string path);
  void keep(std::string path, FoundLine line);
  void let_go(bool drop);
  net::Task<std::string> send();
  net::Task<Result<std::vector<std::string>>> replacements(const std::vector<Found>& found);
  net::Task<void> wait_for_room();
  bool over() const { return cancelled_ || cut_ || late_; }
  std::string shown_path(const std::string& path) const;

  Workspace& workspace_;
  const std::uint64_t number_;
  const protocol::SearchText::Params params_;
  const std::string folder_;
  const net::FileDescriptor folder_fd_;
  Client client_;
  boost::asio::steady_timer taken_, deadline_;
  std::unique_ptr<SearchProgram> program_, preview_program_;
  std::set<std::string> unsaved_paths_;  // as ripgrep names them
  std::string mark_;

  // Kept until it is sent: whole files, and the one that is being looked through.
  std::vector<Found> ready_;
  Found current_;
  std::size_t current_bytes_ = 0;
  bool current_told_ = false;
  std::uint64_t files_ = 0, matches_ = 0, limit_;
  std::uint64_t skipped_ = 0;
  std::string skipped_in_, last_told_;
  bool cancelled_ = false, cut_ = false, late_ = false;
};

/// A mark that is in no text but by a chance that never comes.
std::string random_search_mark();

}  // namespace berth::runner
