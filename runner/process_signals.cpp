// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/process_signals.hpp"

#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace berth::runner {
namespace {

sigset_t handled() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

void ProcessSignals::block() {
  const auto set = handled();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
}

ProcessSignals::ProcessSignals(boost::asio::io_context& io) : descriptor_(io.get_executor()) {
  const auto set = handled();
  descriptor_.assign(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

void ProcessSignals::run() {
  reap();
  wait();
}

void ProcessSignals::wait() {
  descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                         [this](const boost::system::error_code& error) {
                           if (error) return;
                           read_signals();
                           wait();
                         });
}

void ProcessSignals::read_signals() {
  signalfd_siginfo info{};
  while (::read(descriptor_.native_handle(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) continue;
    // Senders outside of our PID namespace have no id in it.
    const bool from_inside = ::getpid() == 1 && info.ssi_pid != 0;
    if (from_inside || terminating_) continue;
    terminating_ = true;
    on_terminate();
  }
  reap();
}

void ProcessSignals::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) on_child_exit(pid, status);
}

}  // namespace berth::runner
