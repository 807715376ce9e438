// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/private_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QSocketNotifier>
#include <QTimer>
#include <cerrno>
#include <cstring>
#include <vector>

namespace berth::client {
namespace {

constexpr qsizetype longest_printed_line = 64 * 1024;
constexpr qint64 largest_log = 1 << 20;    // bytes; a longer one begins anew
constexpr int between_late_looks = 1'000;  // ms
constexpr qint64 last_log = 64 * 1024;     // bytes that are looked through for last words

std::unexpected<Error> not_started(const QString& program) {
  return failure(ErrorCode::unavailable, "The program " + program.toStdString() +
                                             " could not be started: " + std::strerror(errno) + ".");
}

/// A pipe whose ends no other child gets; false where there is none.
bool open_pipe(net::FileDescriptor& reads, net::FileDescriptor& writes) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  reads = net::FileDescriptor(ends[0]);
  writes = net::FileDescriptor(ends[1]);
  return true;
}

/// What a child needs of its own: descriptors, a session, signals as they are usually.
class SpawnPlan {
 public:
  SpawnPlan(int input, int output, int log) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files_, log, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  /// The process, or -1 and errno.
  int run(const std::vector<QByteArray>& words) const {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.constData()));
    arguments.push_back(nullptr);
    pid_t process = -1;
    errno = ::posix_spawn(&process, arguments.front(), &files_, &attributes_, arguments.data(), environ);
    return errno == 0 ? process : -1;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// Waits for a process that nobody else asks for any more, so that it does not stay behind as a zombie.
class LateReaper : public QObject {
 public:
  LateReaper(pid_t process, net::FileDescriptor handle, QObject* parent)
      : QObject(parent), process_(process), handle_(std::move(handle)) {
    if (handle_) {
      end_ = std::make_unique<QSocketNotifier>(handle_.get(), QSocketNotifier::Read);
      connect(end_.get(), &QSocketNotifier::activated, this, &LateReaper::look);
    } else {  // a kernel that tells of no end
      looks_.start(between_late_looks);
      connect(&looks_, &QTimer::timeout, this, &LateReaper::look);
    }
    look();
  }

 private:
  void look() {
    if (::waitpid(process_, nullptr, WNOHANG) == 0) return;
    if (end_) end_->setEnabled(false);
    looks_.stop();
    deleteLater();
  }

  pid_t process_;
  net::FileDescriptor handle_;
  std::unique_ptr<QSocketNotifier> end_;
  QTimer looks_;
};

}  // namespace

PrivateServer::PrivateServer(QObject* parent) : QObject(parent) {}

PrivateServer::~PrivateServer() {
  letGo();
  end_.reset();
  // It stores and stops what it has first; nobody waits for that, but somebody takes its end.
  if (auto* application = QCoreApplication::instance(); process_ > 0 && application)
    new LateReaper(process_, std::move(handle_), application);
}

Result<void> PrivateServer::start(const QString& program, const QStringList& arguments, const QString& log) {
  log_ = log;
  const auto log_path = QFile::encodeName(log);
  struct stat before{};
  const bool too_long = ::stat(log_path.constData(), &before) == 0 && before.st_size > largest_log;
  net::FileDescriptor log_file(
      ::open(log_path.constData(),
             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (too_long ? O_TRUNC : 0), 0600));
  if (log_file.get() < 0)
    return failure(ErrorCode::unavailable,
                   "The log " + log.toStdString() + " can't be written: " + std::strerror(errno) + ".");
  // One that an earlier umask or a copy left open to others is closed to them.
  if (::fchmod(log_file.get(), 0600) != 0)
    return failure(ErrorCode::unavailable, "The log " + log.toStdString() +
                                               " can't be kept to its owner: " + std::strerror(errno) + ".");
  log_begins_ = ::lseek(log_file.get(), 0, SEEK_END);
  net::FileDescriptor its_input;
  net::FileDescriptor its_output;
  if (!open_pipe(its_input, input_) || !open_pipe(output_, its_output)) return not_started(program);
  std::vector<QByteArray> words{QFile::encodeName(program)};
  for (const auto& argument : arguments) words.push_back(QFile::encodeName(argument));
  process_ = SpawnPlan(its_input.get(), its_output.get(), log_file.get()).run(words);
  if (process_ < 0) {
    input_ = {};
    return not_started(program);
  }
  ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
  lines_ = std::make_unique<QSocketNotifier>(output_.get(), QSocketNotifier::Read);
  connect(lines_.get(), &QSocketNotifier::activated, this, &PrivateServer::readLines);
  handle_ = net::FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
  if (handle_.get() >= 0) {
    ::fcntl(handle_.get(), F_SETFD, FD_CLOEXEC);
    end_ = std::make_unique<QSocketNotifier>(handle_.get(), QSocketNotifier::Read);
    connect(end_.get(), &QSocketNotifier::activated, this, &PrivateServer::reap);
  }
  return {};
}

void PrivateServer::letGo() { input_ = {}; }

void PrivateServer::readLines() {
  char buffer[4096];
  const auto count = ::read(output_.get(), buffer, sizeof buffer);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    lines_->setEnabled(false);
    if (!end_) reap();  // a kernel that tells of no end: the pipe does
    return;
  }
  text_.append(buffer, count);
  for (auto end = text_.indexOf('\n'); end >= 0; end = text_.indexOf('\n')) {
    const auto one = QString::fromUtf8(text_.first(end));
    text_.remove(0, end + 1);
    Q_EMIT line(one);
  }
  if (text_.size() > longest_printed_line) text_.clear();
}

void PrivateServer::reap() {
  if (process_ <= 0) return;
  int status = 0;
  if (::waitpid(process_, &status, end_ ? WNOHANG : 0) == 0) return;
  process_ = -1;
  if (end_) end_->setEnabled(false);
  if (lines_ && lines_->isEnabled()) readLines();
  input_ = {};
  Q_EMIT ended();
}

QString PrivateServer::lastWords() const {
  QFile file(log_);
  if (!file.open(QIODevice::ReadOnly)) return {};
  file.seek(std::max(log_begins_, file.size() - last_log));
  QString words;
  const auto lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
  for (const auto& one : lines)
    if (one.startsWith(QLatin1String("berthd: "))) words = one.mid(8).trimmed();
  return words;
}

}  // namespace berth::client
