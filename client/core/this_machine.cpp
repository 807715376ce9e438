// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/this_machine.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThread>
#include <QUrlQuery>

#include "client/core/server_address.hpp"

namespace berth::client {
namespace {

constexpr int between_server_looks = 250;  // ms
constexpr qint64 longest_end = 120'000;    // ms for the one before to store and stop
constexpr qint64 longest_start = 90'000;   // ms until it says where it listens
constexpr int most_unexpected_ends = 3;    // in …
constexpr qint64 row_of_ends = 300'000;    // ms
constexpr auto private_file = QFile::ReadOwner | QFile::WriteOwner;  // 0600
constexpr qint64 largest_key_file = 4096;

QString settings_file(const char* name) {
  return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QLatin1Char('/') +
         QLatin1String(name);
}

/// Beside this program, as a build tree and packages have it, or found by name.
QString server_program() {
  if (const auto given = qEnvironmentVariable("BERTH_BERTHD"); !given.isEmpty()) return given;
  const auto beside = QCoreApplication::applicationDirPath() + QStringLiteral("/berthd");
  if (QFileInfo(beside).isExecutable()) return beside;
  return QStandardPaths::findExecutable(QStringLiteral("berthd"));
}

Result<void> write_private(const QString& path, const QByteArray& bytes) {
  QDir().mkpath(QFileInfo(path).path());
  QSaveFile file(path);
  // The permissions are set before the first byte is written.
  if (file.open(QIODevice::WriteOnly) && file.setPermissions(private_file) &&
      file.write(bytes) == bytes.size() && file.commit())
    return {};
  return failure(ErrorCode::internal,
                 path.toStdString() + " can't be written: " + file.errorString().toStdString() + ".");
}

std::string name_of_person() {
  const auto* entry = ::getpwuid(::geteuid());
  if (!entry) return "Me";
  const auto full = QString::fromLocal8Bit(entry->pw_gecos).section(QLatin1Char(','), 0, 0).trimmed();
  return (full.isEmpty() ? QString::fromLocal8Bit(entry->pw_name) : full).left(80).toStdString();
}

/// Half of this machine's memory, in MiB, for one workspace.
qint64 half_of_memory() {
  const auto bytes = static_cast<qint64>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  return std::clamp<qint64>(bytes >> 21, 512, 1 << 20);
}

}  // namespace

ThisMachine::ThisMachine(QObject* parent) : QObject(parent) {
  again_.setInterval(between_server_looks);
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, &ThisMachine::launch);
}

ThisMachine::~ThisMachine() = default;

QString ThisMachine::dataFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/this-machine");
}

QString ThisMachine::logFile() { return dataFolder() + QStringLiteral(".log"); }

void ThisMachine::set(State state, const QString& words) {
  state_ = state;
  words_ = words;
  Q_EMIT changed();
}

void ThisMachine::fail(const QString& why) {
  again_.stop();
  if (server_) server_->disconnect(this);
  server_.reset();
  set(State::failed, why);
}

void ThisMachine::open() {
  if (state_ == State::starting || state_ == State::ready) return;
  ends_ = 0;
  restarts_.invalidate();
  waiting_.start();
  set(State::starting, tr("Starting…"));
  // On the next turn: who asked sees that it starts, and fail() finds nobody on the stack.
  QMetaObject::invokeMethod(this, &ThisMachine::launch, Qt::QueuedConnection);
}

void ThisMachine::close() {
  again_.stop();
  if (server_) server_->disconnect(this);
  server_.reset();
  connection_.reset();
  port_ = 0;
  if (state_ != State::off) set(State::off);
}

/// The lock is held by one that still stops its workspaces, or by another program.
bool ThisMachine::isTaken() {
  const auto lock = QFile::encodeName(dataFolder() + QStringLiteral("/lock"));
  const net::FileDescriptor file(::open(lock.constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  return file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Result<ThisMachine::Key> ThisMachine::key_of_this_person() {
  const auto path = settings_file("this-machine.json");
  QFile file(path);
  if (file.open(QIODevice::ReadOnly)) {
    struct stat status{};
    if (::fstat(file.handle(), &status) != 0 || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0)
      return failure(ErrorCode::permission_denied,
                     "The key to this machine's workspaces, " + path.toStdString() +
                         ", can be read by others. Give it mode 0600 and remove it if it was not you.");
    const auto kept = QJsonDocument::fromJson(file.read(largest_key_file)).object();
    Key key{kept[QStringLiteral("email")].toString(), kept[QStringLiteral("secret")].toString()};
    if (!key.email.isEmpty() && key.secret.size() >= 32) return key;
  } else if (QFileInfo::exists(path)) {
    // A new one in its place would lock this person out.
    return failure(ErrorCode::permission_denied,
                   "The key to this machine's workspaces, " + path.toStdString() +
                       ", can't be read: " + file.errorString().toStdString() + ".");
  }
  QByteArray random(32, Qt::Uninitialized);
  QRandomGenerator::system()->fillRange(reinterpret_cast<quint32*>(random.data()), random.size() / 4);
  const Key key{QStringLiteral("me@this-machine"), QString::fromLatin1(random.toHex())};
  const QJsonObject text{{QStringLiteral("email"), key.email}, {QStringLiteral("secret"), key.secret}};
  if (auto written = write_private(path, QJsonDocument(text).toJson()); !written)
    return std::unexpected(written.error());
  return key;
}

/// A file of its own, so that the configuration of a service on this machine is not taken for it.
Result<QString> ThisMachine::configuration() {
  const auto path = settings_file("this-machine.toml");
  if (QFileInfo::exists(path)) return path;
  const QByteArray text =
      "# Options of the berthd that the Berth desktop starts for this machine, as in "
      "/etc/berth/berthd.toml.\n";
  if (auto written = write_private(path, text); !written) return std::unexpected(written.error());
  return path;
}

Result<QStringList> ThisMachine::arguments(quint16 port) {
  auto file = configuration();
  if (!file) return std::unexpected(file.error());
  QStringList words{
      QStringLiteral("serve"),
      QStringLiteral("--config=") + *file,
      QStringLiteral("--listen=127.0.0.1:%1").arg(port),
      QStringLiteral("--preview-listen=127.0.0.1:0"),
      QStringLiteral("--data=") + dataFolder(),
      QStringLiteral("--end-with-input=true"),
      QStringLiteral("--registration-open=false"),
      QStringLiteral("--backend=local"),
      QStringLiteral("--database=sqlite"),
  };
  // The machine is this person's: a workspace may use it. What the file says counts, as flags would hide it.
  QFile own(*file);
  const auto text = own.open(QIODevice::ReadOnly) ? own.read(1 << 16) : QByteArray();
  const auto usual = [&](const char* name, const QString& value) {
    if (text.contains(name)) return;
    words.append(QStringLiteral("--%1=%2").arg(QString::fromLatin1(name).replace(u'_', u'-'), value));
  };
  usual("workspace_cpu", QString::number(std::max(1, QThread::idealThreadCount())));
  usual("workspace_memory", QString::number(half_of_memory()));
  usual("workspace_processes", QStringLiteral("8192"));
  usual("workspaces_per_account", QStringLiteral("1000"));
  usual("running_per_account", QStringLiteral("20"));
  return words;
}

void ThisMachine::launch() {
  if (state_ != State::starting) return;
  if (server_) {  // started, and silent
    if (waiting_.elapsed() > longest_start)
      return fail(tr("The server of this machine does not answer. Its log is %1.").arg(logFile()));
    again_.start();
    return;
  }
  if (isTaken()) {
    if (waiting_.elapsed() > longest_end)
      return fail(tr("Another program uses the workspaces of this machine (%1).").arg(dataFolder()));
    const auto words = tr("Waiting until the workspaces of the last time are stored and stopped…");
    if (words_ != words) set(State::starting, words);
    again_.start();
    return;
  }
  const auto program = server_program();
  if (program.isEmpty())
    return fail(
        tr("The program berthd, which runs workspaces on this machine, is not installed. It comes with the "
           "package berth-server."));
  const auto words = arguments(port_);
  if (!words) return fail(QString::fromStdString(words.error().message));
  QDir().mkpath(QFileInfo(dataFolder()).path());
  heard_ = false;
  server_ = std::make_unique<PrivateServer>();
  connect(server_.get(), &PrivateServer::line, this, &ThisMachine::heard);
  connect(server_.get(), &PrivateServer::ended, this, &ThisMachine::ended, Qt::QueuedConnection);
  if (auto started = server_->start(program, *words, logFile()); !started)
    return fail(QString::fromStdString(started.error().message));
  waiting_.start();
  set(State::starting, tr("Starting…"));
  again_.start();
}

void ThisMachine::heard(const QString& line) {
  static const QRegularExpression listens(QStringLiteral("^listening on http://127\\.0\\.0\\.1:(\\d{1,5})$"));
  if (const auto found = listens.match(line); found.hasMatch()) {
    port_ = static_cast<quint16>(found.captured(1).toUInt());
    heard_ = true;
    // Behind the line that may follow, which came with it.
    QMetaObject::invokeMethod(this, &ThisMachine::enter, Qt::QueuedConnection);
  } else if (line.startsWith(QLatin1String("set-up link: "))) {
    set_up_ = setup_token(line.mid(13));
  }
}

void ThisMachine::enter() {
  if (state_ != State::starting || !server_) return;
  again_.stop();
  QUrl origin(QStringLiteral("http://127.0.0.1"));
  origin.setPort(port_);
  // Started again: windows hold this connection, and dial where it leads.
  if (connection_ && connection_->account()) {
    if (connection_->origin() != origin) connection_->moveTo(origin);
    return set(State::ready);
  }
  connection_ = std::make_shared<ServerConnection>(origin, &secrets_);
  connection_->setName(key());
  signIn();
}

void ThisMachine::signIn() {
  const auto key = key_of_this_person();
  if (!key) return fail(QString::fromStdString(key.error().message));
  const auto email = key->email.toStdString();
  const auto secret = key->secret.toStdString();
  // Closed and begun anew meanwhile, it is another one.
  const auto done = [this, asked = connection_.get()](Result<rest::Account> answer) {
    if (asked == connection_.get()) signedIn(answer);
  };
  if (const auto token = std::exchange(set_up_, {}); !token.isEmpty()) {
    connection_->setUp({token.toStdString(), email, name_of_person(), secret}, this, done);
  } else {
    connection_->signIn({email, secret, {}}, this, done);
  }
}

void ThisMachine::signedIn(const Result<rest::Account>& answer) {
  if (state_ != State::starting) return;
  if (answer) return set(State::ready);
  connection_.reset();
  if (answer.error().code == ErrorCode::unauthenticated)
    return fail(
        tr("The key in %1 does not fit the workspaces in %2. Put the right one back, or give it a new "
           "password by `berthd admin accounts reset`.")
            .arg(settings_file("this-machine.json"), dataFolder()));
  fail(QString::fromStdString(answer.error().message));
}

void ThisMachine::ended() {
  if (!server_ || server_->runs()) return;
  const auto words = server_->lastWords();
  const bool was_ready = state_ == State::ready;
  // Somebody else has its address by now: any other will do.
  const bool lost_address = state_ == State::starting && !heard_ && port_ != 0;
  server_.reset();
  again_.stop();
  if (was_ready && (!restarts_.isValid() || restarts_.elapsed() > row_of_ends)) {
    restarts_.start();
    ends_ = 0;
  }
  if (lost_address) port_ = 0;
  // Windows wait for its address: it comes back there where it can.
  if (lost_address || was_ready) waiting_.start();
  if (lost_address) return again_.start();
  if (was_ready && ++ends_ <= most_unexpected_ends) {
    set(State::starting, tr("It ended unexpectedly and starts again…"));
    again_.start();
    return;
  }
  // Windows that are open wait for the same one.
  if (!was_ready && !(connection_ && connection_->account())) connection_.reset();
  fail(words.isEmpty() ? tr("The server of this machine ended. Its log is %1.").arg(logFile()) : words);
}

}  // namespace berth::client
