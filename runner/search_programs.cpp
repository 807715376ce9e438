// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/search_programs.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "protocol/text_operation.hpp"
#include "runner/child_process.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_at_once = 64u << 10;
constexpr int search_niceness = 10;  // somebody types beside it
constexpr std::chrono::minutes longest_run{10};
constexpr std::string_view program_places[] = {"/usr/local/bin/rg", "/usr/bin/rg", "/bin/rg"};

std::optional<std::string> find_program(const std::string& home) {
  std::vector<std::string> places(std::begin(program_places), std::end(program_places));
  places.push_back(home + "/.local/bin/rg");
  places.push_back(home + "/.cargo/bin/rg");
  for (const auto& place : places)
    if (::faccessat(AT_FDCWD, place.c_str(), X_OK, AT_EACCESS) == 0) return place;
  return std::nullopt;
}

}  // namespace

Result<net::FileDescriptor> file_in_memory(const std::vector<std::string_view>& pieces) {
  net::FileDescriptor file(::memfd_create("berth-search", MFD_CLOEXEC));
  bool good = bool(file);
  for (auto piece : pieces)
    while (good && !piece.empty()) {
      const auto written = ::write(file.get(), piece.data(), piece.size());
      if (written < 0 && errno == EINTR) continue;
      good = written > 0;
      if (good) piece.remove_prefix(static_cast<std::size_t>(written));
    }
  if (!good || ::lseek(file.get(), 0, SEEK_SET) != 0)
    return failure(ErrorCode::unavailable, "There is no memory for this search.");
  return file;
}

std::string words_of_search_problem(std::string_view errors) {
  // "rg: regex parse error:\n    (?:(a)\n    ^\nerror: unclosed group"
  std::string words;
  while (!errors.empty()) {
    const auto end = std::min(errors.find('\n'), errors.size());
    auto line = errors.substr(0, end);
    errors.remove_prefix(std::min(end + 1, errors.size()));
    if (line.starts_with("rg: ")) line.remove_prefix(4);
    if (line.starts_with("error: ")) {
      words = line.substr(7);
      break;
    }
    if (words.empty() && !line.starts_with(' ') && !line.ends_with(':')) words = line;
  }
  constexpr std::size_t longest = 300;
  std::string good;
  for (const char c : words.substr(0, longest))
    good += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  while (!good.empty() && !protocol::is_valid_utf8(good)) good.pop_back();
  return good;
}

Result<std::unique_ptr<SearchProgram>> SearchPrograms::run(Arguments arguments, int directory_fd,
                                                           int input_fd) {
  auto file = find_program(start_.home);
  if (!file)
    return failure(ErrorCode::unavailable,
                   "This workspace has no ripgrep (rg), which looks through files: install it, or start from "
                   "a template that has it.");
  net::FileDescriptor nothing;
  if (input_fd < 0) {
    nothing.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    input_fd = nothing.get();
  }
  std::array<int, 2> ends{};
  net::FileDescriptor errors(::memfd_create("berth-search-errors", MFD_CLOEXEC));
  if (!errors || input_fd < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0)
    return failure(ErrorCode::limit_exceeded, "Too many files are open to begin a search.");
  net::FileDescriptor output(ends[0]), written(ends[1]);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
  FilterStart start{.file = std::move(*file),
                    .arguments = std::move(arguments),
                    .environment = {{"HOME", start_.home}, {"LANG", "C.UTF-8"}, {"PATH", "/usr/bin:/bin"}},
                    .directory_fd = directory_fd,
                    .input_fd = input_fd,
                    .output_fd = written.get(),
                    .error_fd = errors.get(),
                    .niceness = search_niceness,
                    .most_memory = most_memory,
                    .person_uid = start_.person_uid};
  const auto pid = start_filter(start);
  if (!pid) return std::unexpected(pid.error());
  const auto exited = children_[*pid].exited = std::make_shared<asio::steady_timer>(io_, longest_run);
  exited->async_wait(
      [this, pid = *pid, weak = std::weak_ptr(exited)](const boost::system::error_code& error) {
        const auto timer = weak.lock();
        if (error || !timer) return;
        timer->expires_at(asio::steady_timer::time_point::max());  // who waits for its end waits on
        const auto child = children_.find(pid);
        if (child != children_.end() && child->second.exited == timer && !child->second.wait_status)
          ::kill(-pid, SIGKILL);
      });
  return std::make_unique<SearchProgram>(*this, *pid, std::move(output), std::move(errors));
}

void SearchPrograms::on_child_exit(pid_t pid, int wait_status) {
  const auto found = children_.find(pid);
  if (found == children_.end()) return;
  if (found->second.abandoned) {
    children_.erase(found);
    return;
  }
  found->second.wait_status = wait_status;
  found->second.exited->cancel();
}

SearchProgram::SearchProgram(SearchPrograms& owner, pid_t pid, net::FileDescriptor output,
                             net::FileDescriptor errors)
    : owner_(owner),
      pid_(pid),
      output_(owner.io_, output.release()),
      errors_(std::move(errors)),
      exited_(owner.children_[pid].exited) {}

SearchProgram::~SearchProgram() {
  kill();
  const auto found = owner_.children_.find(pid_);
  if (found == owner_.children_.end()) return;
  if (found->second.wait_status)
    owner_.children_.erase(found);
  else
    found->second.abandoned = true;  // until it is reaped
}

void SearchProgram::kill() {
  const auto found = owner_.children_.find(pid_);
  // Once it is reaped, its number may be another process's. With what it began: `rg` may be a script.
  if (found != owner_.children_.end() && !found->second.wait_status) ::kill(-pid_, SIGKILL);
}

net::Task<bool> SearchProgram::read(std::string& output) {
  const auto before = output.size();
  for (;;) {
    const auto had = output.size();
    output.resize(had + read_at_once);
    const auto length = ::read(output_.native_handle(), output.data() + had, read_at_once);
    const int number = errno;
    output.resize(had + static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    if (length == 0) co_return output.size() > before;
    if (length < 0 && number == EINTR) continue;
    if (length < 0 && number != EAGAIN) co_return output.size() > before;
    if (output.size() - before >= read_at_once) co_return true;
    if (length > 0) continue;
    if (output.size() > before) co_return true;
    boost::system::error_code error;
    co_await output_.async_wait(asio::posix::descriptor_base::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
  }
}

net::Task<std::string> SearchProgram::ended() {
  const auto& child = owner_.children_[pid_];
  for (;;) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return "The workspace stops.";
    if (child.wait_status) break;
    boost::system::error_code ignored;
    co_await exited_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  const int status = *child.wait_status;
  if (WIFEXITED(status) && WEXITSTATUS(status) <= 1) co_return "";
  std::string errors(4096, '\0');
  const auto length = ::pread(errors_.get(), errors.data(), errors.size(), 0);
  errors.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  if (WIFEXITED(status)) {
    // Without a word of its own: a folder that can't be read, say, and that is left out.
    if (errors.empty()) co_return "";
    const auto words = words_of_search_problem(errors);
    co_return words.empty() ? "ripgrep could not do it." : words;
  }
  co_return "The search was ended from outside, or for want of memory: what was found so far is shown.";
}

}  // namespace berth::runner
