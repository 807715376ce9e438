// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/terminal_session.hpp"

#include <signal.h>
#include <unistd.h>

#include "client/cli/context.hpp"
#include "client/cli/workspace_link.hpp"

namespace berth::cli {
namespace {

constexpr int short_drop = 2'000;             // ms, of which nothing is said
constexpr qsizetype shown_at_once = 1 << 14;  // bytes between the connection and the terminal here
constexpr int last_words = 3'000;             // ms for what is still to be printed, closed and said
// What programs of the workspace may have switched on in this terminal, and shall not stay on when it is
// left.
constexpr char as_it_was[] =
    "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?1l\x1b>\x1b[?25h\x1b["
    "0m\x1b[r";
constexpr char emptied[] = "\x1b[?1049l\x1b[0m\x1b[r\x1b[H\x1b[2J";

}  // namespace

TerminalSession::TerminalSession(Context* context, WorkspaceLink* link, std::optional<char> escape)
    : context_(context), link_(link), terminals_(link->terminals()), escape_(escape), out_(STDOUT_FILENO) {
  if (escape) escape_key_ = *escape;
  drop_.setSingleShot(true);
  drop_.setInterval(short_drop);
  connect(&drop_, &QTimer::timeout, this, [this] {
    told_ = true;
    tell("the connection is lost and being retried; " + QByteArray(1, escape_key_) + ". detaches");
  });
}

TerminalSession::~TerminalSession() = default;

int TerminalSession::run(client::Terminals::Start start) {
  const auto size = terminal_size();
  start.columns = size.width();
  start.rows = size.height();
  const auto opened =
      awaited<client::Terminal*>([&](QObject* context, client::Reply<client::Terminal*> done) {
        terminals_->open(start, context, std::move(done));
      });
  if (!opened) {
    context_->out.fail(opened.error());
    return exit_exec_failed;
  }
  return show(*opened, true);
}

int TerminalSession::attach(const std::string& id) {
  wait_until([this] { return terminals_->isListed(); }, 30'000);
  client::Terminal* found = nullptr;
  for (auto* one : terminals_->all())
    if (one->info().terminal == id ||
        (id == "last" && one->info().running && (!found || found->info().created < one->info().created)))
      found = one;
  if (!found) {
    context_->out.fail(
        {ErrorCode::not_found, "There is no terminal “" + id + "”. See: berthctl terminals ls", {}, {}});
    return exit_exec_failed;
  }
  return show(found, false);
}

int TerminalSession::show(client::Terminal* terminal, bool from_start) {
  terminal_ = terminal;
  connect(terminal, &client::Terminal::outputReady, this, &TerminalSession::output);
  connect(terminal, &client::Terminal::screenLost, this, [this] { out_.write(emptied); });
  connect(terminal, &client::Terminal::ended, this, &TerminalSession::ended);
  connect(terminal, &client::Terminal::infoChanged, this, [this] {
    if (code_ || terminal_->info().running || terminal_->hasOutput()) return;
    if (!terminal_->isAttached()) ended();  // it ended while this one was away
  });
  connect(terminals_, &client::Terminals::removed, this, [this](client::Terminal* gone) {
    if (gone != terminal_) return;
    terminal_ = nullptr;
    if (!code_) problem_ = Error{ErrorCode::unavailable, "The terminal was closed.", {}, {}};
    finish(exit_exec_failed);
  });
  connect(link_->connection(), &client::WorkspaceConnection::stateChanged, this,
          &TerminalSession::lostOrBack);
  connect(&out_, &ByteOutput::written, this, &TerminalSession::output);
  connect(&out_, &ByteOutput::broken, this, [this] { finish(exit_exec_failed); });
  Signals signals({SIGWINCH, SIGTERM, SIGHUP, SIGINT});
  connect(&signals, &Signals::caught, this, [this](int number) {
    if (number == SIGWINCH) {
      const auto size = terminal_size();
      if (terminal_) terminal_->resize(size.width(), size.height());
    } else {
      detached_ = true;
      finish(128 + number);
    }
  });
  raw_ = std::make_unique<RawTerminal>();
  keys_ = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
  connect(keys_.get(), &QSocketNotifier::activated, this, &TerminalSession::typed);
  const auto size = terminal_size();
  terminal->resize(size.width(), size.height());
  terminal->attach(from_start);
  if (!from_start && terminal->mayType())
    terminal->lead(true);  // the size is this window's now, as the person looks at it here
  if (!code_) loop_.exec();
  keys_.reset();
  wait_until([this] { return out_.waiting() == 0 || out_.isBroken(); }, last_words);
  if (detached_ || problem_) {
    out_.write(as_it_was);
    out_.write("\r\n");
    wait_until([this] { return out_.waiting() == 0 || out_.isBroken(); }, last_words);
  }
  raw_.reset();
  if (problem_) {
    context_->out.fail(*problem_);
  } else if (detached_ && terminal_) {
    context_->out.note("Detached; it goes on. Come back by: berthctl shell " + link_->facts().id +
                       " --attach " + terminal_->info().terminal);
  }
  return code_.value_or(exit_interrupted);
}

void TerminalSession::typed() {
  char bytes[4096];
  const auto size = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (size <= 0) {  // this terminal is gone
    detached_ = true;
    return finish(exit_good);
  }
  if (!terminal_) return;
  const auto taken = escape_.take({bytes, static_cast<std::size_t>(size)});
  if (!terminal_->send(taken.keys)) out_.write("\a");
  for (const auto order : taken.orders) {
    switch (order) {
      case Order::detach:
        detached_ = true;
        return finish(exit_good);
      case Order::end:
        terminals_->close(terminal_);
        return finish(exit_interrupted);
      case Order::help: {
        const QByteArray key(1, escape_key_);
        tell(key + ". detaches, " + key + "x hangs up, " + key + key + " is " + key + " (at a line's begin)");
        break;
      }
    }
  }
}

void TerminalSession::output() {
  // What this program says itself goes the same way, so the terminal's bytes count as they are taken.
  while (terminal_ && terminal_->hasOutput() && out_.waiting() < shown_at_once) {
    auto bytes = terminal_->take(shown_at_once);
    const auto size = bytes.size();
    out_.write(std::move(bytes));
    terminal_->drained(size);
  }
}

void TerminalSession::lostOrBack() {
  if (const auto end = link_->end()) {
    problem_ = *end;
    return finish(exit_exec_failed);
  }
  if (link_->connection()->online()) {
    drop_.stop();
    // What was told stands in the middle of the program's screen.
    if (std::exchange(told_, false) && terminal_) terminal_->repaint();
  } else if (!drop_.isActive() && !told_) {
    drop_.start();
  }
}

void TerminalSession::ended() {
  if (code_ || !terminal_) return;
  if (terminal_->hasOutput() || out_.waiting() > 0 || terminal_->info().running) {
    QTimer::singleShot(10, this, &TerminalSession::ended);
    return;
  }
  const auto info = terminal_->info();
  terminals_->close(terminal_);
  finish(info.exit_signal ? 128 + *info.exit_signal : info.exit_code.value_or(exit_exec_failed));
}

void TerminalSession::finish(int code) {
  if (!code_) code_ = code;
  loop_.quit();
}

void TerminalSession::tell(const QByteArray& line) { out_.write("\r\n[berthctl: " + line + "]\r\n"); }

}  // namespace berth::cli
