// SPDX-License-Identifier: GPL-3.0-or-later
// ripgrep as a program of the person's: started with descriptors in place of a terminal, read as it writes,
// killed when nobody wants it any more.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>

#include "protocol/net/confined_directory.hpp"
#include "protocol/net/task.hpp"
#include "protocol/runner_start.hpp"
#include "runner/search_arguments.hpp"

namespace berth::runner {

class SearchPrograms;

/// One run of it. Killed with its owner.
class SearchProgram {
 public:
  SearchProgram(SearchPrograms& owner, pid_t pid, net::FileDescriptor output, net::FileDescriptor errors);
  ~SearchProgram();
  SearchProgram(const SearchProgram&) = delete;

  /// Waits for more of its output and adds it, at most about 64 KiB at once. False: that was all.
  net::Task<bool> read(std::string& output);
  /// Waits until it has ended: nothing when it did what it was asked, else a sentence about why not.
  net::Task<std::string> ended();
  /// It goes, and what it still wanted to say with it.
  void kill();

 private:
  friend class SearchPrograms;
  SearchPrograms& owner_;
  const pid_t pid_;
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> output_;
  net::FileDescriptor errors_;
  std::shared_ptr<boost::asio::steady_timer> exited_;
};

class SearchPrograms {
 public:
  /// Bytes of its own that a run may take: a pattern or a line that wants more ends it, and nothing else.
  static constexpr std::uint64_t most_memory = 1u << 30;

  SearchPrograms(boost::asio::io_context& io, const protocol::RunnerStart& start) : io_(io), start_(start) {}

  /// `input_fd` -1: it has none. unavailable when there is no ripgrep here.
  Result<std::unique_ptr<SearchProgram>> run(Arguments arguments, int directory_fd, int input_fd);
  void on_child_exit(pid_t pid, int wait_status);

 private:
  friend class SearchProgram;
  struct Child {
    std::shared_ptr<boost::asio::steady_timer> exited;
    std::optional<int> wait_status;
    bool abandoned = false;
  };
  boost::asio::io_context& io_;
  const protocol::RunnerStart& start_;
  std::map<pid_t, Child> children_;
};

/// A file in memory with this text in it, to be a program's input; unavailable where memory is short.
Result<net::FileDescriptor> file_in_memory(const std::vector<std::string_view>& pieces);

/// What ripgrep says is wrong, for a person: its last words, without its advice about options.
std::string words_of_search_problem(std::string_view errors);

}  // namespace berth::runner
