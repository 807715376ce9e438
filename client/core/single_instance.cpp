// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/single_instance.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QTimer>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace berth::client {
namespace {

constexpr qsizetype longest_order = 64 * 1024;  // bytes
constexpr int most_arguments = 64;
constexpr int visitor_patience = 5'000;  // ms for a whole order
constexpr int most_visitors = 16;
constexpr int between_calls = 20;  // ms, while the first one does not listen yet
constexpr char taken_answer[] = "taken\n";

/// A folder of this person's that nobody else may enter.
bool is_private(const QByteArray& path) {
  struct stat status{};
  return ::lstat(path.constData(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & 077) == 0;
}

QString meeting_place() {
  const auto base = qgetenv("XDG_RUNTIME_DIR");
  if (!base.startsWith('/') || !is_private(base)) return {};
  return QFile::decodeName(base + "/berth");
}

bool address_of(const QString& folder, sockaddr_un& address) {
  const auto path = QFile::encodeName(folder + QStringLiteral("/instance"));
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= static_cast<qsizetype>(sizeof address.sun_path)) return false;
  std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
  return true;
}

QByteArray encoded_order(const StartOrder& order) {
  QJsonArray arguments;
  for (const auto& argument : order.arguments) arguments.append(argument);
  return QJsonDocument(QJsonObject{{QStringLiteral("arguments"), arguments},
                                   {QStringLiteral("folder"), order.folder},
                                   {QStringLiteral("activation"), order.activation}})
             .toJson(QJsonDocument::Compact) +
         '\n';
}

std::optional<StartOrder> decoded_order(const QByteArray& line) {
  const auto document = QJsonDocument::fromJson(line);
  const auto arguments = document.object()[QStringLiteral("arguments")];
  if (!arguments.isArray() || arguments.toArray().size() > most_arguments) return std::nullopt;
  StartOrder order;
  for (const auto argument : arguments.toArray()) order.arguments.append(argument.toString());
  order.folder = document.object()[QStringLiteral("folder")].toString();
  order.activation = document.object()[QStringLiteral("activation")].toString();
  return order;
}

/// Whether it becomes ready in time.
bool becomes_ready(int socket, short events, const QDeadlineTimer& deadline) {
  pollfd wait{socket, events, 0};
  for (;;) {
    const int got = ::poll(&wait, 1, static_cast<int>(std::max<qint64>(0, deadline.remainingTime())));
    if (got >= 0 || errno != EINTR) return got > 0;
  }
}

}  // namespace

/// A later start on its way in: it tells its order and gets an answer.
class SingleInstance::Visitor : public QObject {
 public:
  Visitor(net::FileDescriptor socket, SingleInstance* host)
      : QObject(host), host_(host), socket_(std::move(socket)), words_(socket_.get(), QSocketNotifier::Read) {
    connect(&words_, &QSocketNotifier::activated, this, [this] { hear(); });
    QTimer::singleShot(visitor_patience, this, &QObject::deleteLater);
  }

 private:
  void leave() {
    words_.setEnabled(false);
    deleteLater();
  }
  void hear() {
    char buffer[4096];
    const auto count = ::read(socket_.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return leave();
    line_.append(buffer, count);
    const auto end = line_.indexOf('\n');
    if (end < 0) return line_.size() > longest_order ? leave() : void();
    const auto order = decoded_order(line_.first(end));
    leave();
    if (!order) return;
    if (::send(socket_.get(), taken_answer, sizeof taken_answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
      qWarning("berth: a second start was not answered: %s", std::strerror(errno));
    Q_EMIT host_->asked(*order);
  }

  SingleInstance* host_;
  net::FileDescriptor socket_;
  QSocketNotifier words_;
  QByteArray line_;
};

SingleInstance::SingleInstance(const QString& folder, QObject* parent, uid_t heard)
    : QObject(parent), folder_(folder.isEmpty() ? meeting_place() : folder), heard_(heard) {}

SingleInstance::~SingleInstance() = default;

SingleInstance::Role SingleInstance::begin(const StartOrder& order, int patience) {
  if (folder_.isEmpty()) return Role::alone;
  const auto folder = QFile::encodeName(folder_);
  if ((::mkdir(folder.constData(), 0700) != 0 && errno != EEXIST) || !is_private(folder)) return Role::alone;
  net::FileDescriptor lock(
      ::open((folder + "/instance.lock").constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return Role::alone;
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
    lock_ = std::move(lock);
    return listen() ? Role::first : Role::alone;
  }
  lock.reset();
  return handOver(order, patience) ? Role::second : Role::alone;
}

bool SingleInstance::isHeard(int socket) const {
  ucred other{};
  socklen_t size = sizeof other;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &other, &size) == 0 && other.uid == heard_;
}

bool SingleInstance::listen() {
  sockaddr_un address{};
  if (!address_of(folder_, address)) return false;
  ::unlink(address.sun_path);  // of one that was killed: the lock is ours
  net::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(address.sun_path, 0600) != 0 || ::listen(socket.get(), most_visitors) != 0)
    return false;
  socket_ = std::move(socket);
  arrivals_ = std::make_unique<QSocketNotifier>(socket_.get(), QSocketNotifier::Read);
  connect(arrivals_.get(), &QSocketNotifier::activated, this, &SingleInstance::welcome);
  return true;
}

void SingleInstance::welcome() {
  net::FileDescriptor visitor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  const auto inside =
      std::ranges::count_if(children(), [](QObject* child) { return dynamic_cast<Visitor*>(child); });
  if (!visitor || !isHeard(visitor.get()) || inside >= most_visitors) return;
  new Visitor(std::move(visitor), this);
}

bool SingleInstance::handOver(const StartOrder& order, int patience) const {
  sockaddr_un address{};
  if (!address_of(folder_, address)) return false;
  const QDeadlineTimer deadline(patience);
  net::FileDescriptor socket;
  for (;;) {
    socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return false;
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) break;
    if ((errno != ENOENT && errno != ECONNREFUSED && errno != EINTR) || deadline.hasExpired()) return false;
    ::poll(nullptr, 0, between_calls);  // it holds the lock and listens in a moment
  }
  // Somebody else's socket gets no word of what this person opens.
  if (!isHeard(socket.get())) return false;
  auto words = encoded_order(order);
  if (words.size() > longest_order) return false;
  while (!words.isEmpty()) {
    if (!becomes_ready(socket.get(), POLLOUT, deadline)) return false;
    const auto sent = ::send(socket.get(), words.constData(), static_cast<std::size_t>(words.size()),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) words.remove(0, sent);
  }
  char heard[sizeof taken_answer - 1];
  return becomes_ready(socket.get(), POLLIN, deadline) &&
         ::read(socket.get(), heard, sizeof heard) == static_cast<ssize_t>(sizeof heard) &&
         std::memcmp(heard, taken_answer, sizeof heard) == 0;
}

}  // namespace berth::client
