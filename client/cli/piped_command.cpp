// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/piped_command.hpp"

#include <signal.h>
#include <unistd.h>

#include <QRandomGenerator>

#include "client/cli/output.hpp"
#include "client/cli/tty.hpp"
#include "client/cli/workspace_link.hpp"

namespace berth::cli {
namespace {

constexpr std::size_t longest_talk = 1 << 20;  // bytes of a login shell before the command
constexpr qsizetype most_waiting = 1 << 16;    // bytes between the connection and whoever reads
constexpr std::uint64_t most_keys = 1 << 20;   // bytes of input that the workspace has not taken
constexpr int broken_pipe = 128 + SIGPIPE;

std::string random_name() {
  return QStringLiteral("%1%2")
      .arg(QRandomGenerator::system()->generate64(), 16, 16, QLatin1Char('0'))
      .arg(QRandomGenerator::system()->generate64(), 16, 16, QLatin1Char('0'))
      .toStdString();
}

}  // namespace

PipedCommand::PipedCommand(WorkspaceLink* link, Choice choice)
    : link_(link),
      choice_(std::move(choice)),
      name_(random_name()),
      scripts_(exec_scripts(choice_.command, name_)),
      terminals_(link->terminals()),
      errors_(STDERR_FILENO),
      output_(STDOUT_FILENO) {}

PipedCommand::~PipedCommand() = default;

Result<int> PipedCommand::run() {
  connect(link_->connection(), &client::WorkspaceConnection::stateChanged, this, [this] {
    if (const auto end = link_->end()) fail(end->code, end->message);
  });
  Signals signals({SIGINT, SIGTERM, SIGHUP});
  connect(&signals, &Signals::caught, this, &PipedCommand::interrupt);
  open(errors_, scripts_.errors, QStringLiteral("berthctl exec (errors)"));
  if (!end_) loop_.exec();
  // The terminals are this program's; nobody shall find them in a window's list.
  for (auto* stream : {&output_, &errors_}) {
    stream->out.disconnect(this);
    if (auto* terminal = std::exchange(stream->terminal, nullptr)) {
      terminal->disconnect(this);
      terminals_->close(terminal);
    }
  }
  return *end_;
}

void PipedCommand::open(Stream& stream, const std::string& script, const QString& title) {
  client::Terminals::Start start;
  start.command = QString::fromLatin1(script_start);
  start.title = title;
  start.scrollback = 0;
  if (!choice_.directory.empty()) start.cwd = QString::fromStdString(choice_.directory);
  start.environment = choice_.environment;
  start.environment["TERM"] = "dumb";
  start.environment[script_variable] = script;
  terminals_->open(start, this, [this, &stream](Result<client::Terminal*> opened) {
    if (!opened) return fail(opened.error().code, opened.error().message);
    attach(stream, *opened);
  });
}

void PipedCommand::attach(Stream& stream, client::Terminal* terminal) {
  stream.terminal = terminal;
  connect(terminal, &client::Terminal::outputReady, this, [this, &stream] { receive(stream); });
  connect(terminal, &client::Terminal::screenLost, this, [this] {
    fail(ErrorCode::unavailable, "Output was lost while the connection was down; the command goes on.");
  });
  connect(terminal, &client::Terminal::ended, this, [this, &stream] {
    stream.ended = true;
    endedOf(stream);
  });
  connect(terminal, &client::Terminal::infoChanged, this, [this, &stream] { endedOf(stream); });
  connect(terminal, &client::Terminal::gone, this, [this, &stream] {
    stream.terminal = nullptr;
    fail(ErrorCode::unavailable, "The command was ended from elsewhere.");
  });
  connect(&stream.out, &ByteOutput::written, this, [this, &stream](qsizetype bytes) {
    if (stream.terminal) stream.terminal->drained(bytes);
    receive(stream);
    endedOf(stream);
  });
  connect(&stream.out, &ByteOutput::broken, this, [this] {
    if (!end_) end_ = broken_pipe;
    loop_.quit();
  });
  terminal->attach(true);
}

void PipedCommand::receive(Stream& stream) {
  while (stream.terminal && stream.terminal->hasOutput() && stream.out.waiting() < most_waiting) {
    auto bytes = stream.terminal->take(most_waiting);
    if (stream.ready) {
      stream.out.write(std::move(bytes));
      continue;
    }
    const auto size = bytes.size();
    stream.begin.append(bytes.constData(), static_cast<std::size_t>(size));
    const auto mark = ready_mark(name_);
    const auto at = stream.begin.find(mark);
    auto shown = size;  // of these bytes, those that nobody has to print
    if (at != std::string::npos) {
      const auto rest = stream.begin.substr(at + mark.size());
      shown -= static_cast<qsizetype>(rest.size());
      stream.ready = true;
      stream.out.write(QByteArray::fromStdString(rest));
    } else if (stream.begin.size() > longest_talk) {
      return fail(ErrorCode::unsupported, "The login shell talks without end.");
    }
    stream.terminal->drained(shown);
    if (stream.ready) readied(stream);
  }
  if (stream.ended) endedOf(stream);
}

void PipedCommand::readied(Stream& stream) {
  stream.begin.clear();
  if (&stream == &errors_) {
    auto title = "exec " + plain(shell_words(choice_.command));
    return open(output_, scripts_.command, QString::fromStdString(title).left(60));
  }
  output_.terminal->send("\n");
  if (!choice_.input) {
    output_.terminal->send(typed_end);
    return;
  }
  input_ = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
  connect(input_.get(), &QSocketNotifier::activated, this, &PipedCommand::read);
}

void PipedCommand::read() {
  char bytes[1 << 16];
  const auto size = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (!output_.terminal) return;
  if (size <= 0) {
    input_->setEnabled(false);
    output_.terminal->send(typed_end);
    return;
  }
  output_.terminal->send(typed_input({bytes, static_cast<std::size_t>(size)}));
  if (output_.terminal->unacknowledgedKeys() < most_keys) return;
  input_->setEnabled(false);
  output_.terminal->whenKeysArrived(this, [this] { input_->setEnabled(true); });
}

void PipedCommand::interrupt(int signal) {
  // The first Ctrl-C is the command's, which may clean up; who insists is obeyed here.
  if (signal == SIGINT && ++interrupts_ == 1 && output_.terminal && output_.ready &&
      link_->connection()->online()) {
    output_.terminal->send(typed_interrupt);
    return;
  }
  if (!end_) end_ = 128 + signal;
  loop_.quit();
}

void PipedCommand::endedOf(Stream& stream) {
  if (!stream.ended || !stream.terminal || stream.terminal->hasOutput() || stream.out.waiting() > 0) return;
  const auto& info = stream.terminal->info();
  if (info.running) return;  // the news of its status comes
  if (!stream.ready) {
    const auto said =
        plain(stream.begin.substr(stream.begin.size() - std::min<std::size_t>(stream.begin.size(), 500)));
    return fail(ErrorCode::unsupported,
                "The workspace could not run it; exec needs sh, stty, mkfifo and cat there." +
                    (said.empty() ? "" : " It said: " + said));
  }
  settle();
}

void PipedCommand::settle() {
  for (auto* stream : {&output_, &errors_})
    if (!stream->ended || !stream->terminal || stream->terminal->hasOutput() || stream->out.waiting() > 0 ||
        stream->terminal->info().running)
      return;
  const auto& info = output_.terminal->info();
  if (!end_) end_ = info.exit_signal ? 128 + *info.exit_signal : info.exit_code.value_or(exit_exec_failed);
  loop_.quit();
}

void PipedCommand::fail(ErrorCode code, const std::string& message) {
  if (!end_) end_ = failure(code, message);
  loop_.quit();
}

}  // namespace berth::cli
