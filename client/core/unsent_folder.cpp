// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/unsent_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QSaveFile>

#include "protocol/codec.hpp"

namespace berth::client {
namespace {

constexpr auto record_ending = ".json";
constexpr auto text_ending = ".text";

std::unexpected<Error> not_kept(const char* what) {
  return failure(ErrorCode::unavailable,
                 "What you type can't be kept on this device: " + std::string(what) + '.',
                 qPrintable(qt_error_string(errno)));
}

bool write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

QString owner_of(const QString& name) { return name.section(QLatin1Char('.'), 0, 0); }

/// Of a file for the person, by when its text was typed and where it was to go.
QString free_name(const QString& folder, const UnsentRecord& record) {
  const auto path = name_for_person(QString::fromStdString(record.path));
  const auto typed = QDateTime::fromMSecsSinceEpoch(record.since).toString(QStringLiteral("yyyyMMdd-HHmmss"));
  for (int number = 1;; ++number) {
    const auto mark = number == 1 ? QString() : QStringLiteral(" (%1)").arg(number);
    const auto name = QStringLiteral("%1/%2%3 %4").arg(folder, typed, mark, path);
    if (!QFile::exists(name)) return name;
  }
}

std::optional<std::string> whole_file(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(file.size()), '\0');
  if (file.read(bytes.data(), file.size()) != file.size()) return std::nullopt;
  return bytes;
}

}  // namespace

UnsentFolder::UnsentFolder(QString path)
    : path_(std::move(path)),
      owner_(QString::number(QRandomGenerator::system()->generate64(), 36)
                 .rightJustified(13, QLatin1Char('0'))) {}

/// Makes the folder and marks this program as one that runs.
Result<void> UnsentFolder::claim() {
  if (lock_) return {};
  if (!QDir().mkpath(path_)) return not_kept("its folder can't be made");
  ::chmod(QFile::encodeName(path_).constData(), 0700);
  const auto name = QFile::encodeName(path_ + QLatin1Char('/') + owner_ + QStringLiteral(".lock"));
  // Somebody who looks whether its owner lives may take it away between the two calls.
  for (int round = 0; round < 10; ++round) {
    net::FileDescriptor lock(::open(name.constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0) return not_kept("its lock can't be taken");
    struct stat mine{};
    struct stat there{};
    if (::fstat(lock.get(), &mine) == 0 && ::stat(name.constData(), &there) == 0 &&
        mine.st_ino == there.st_ino) {
      lock_ = std::move(lock);
      sweep();
      return {};
    }
  }
  return not_kept("its lock can't be taken");
}

bool UnsentFolder::lives(const QString& owner) {
  const auto name = QFile::encodeName(path_ + QLatin1Char('/') + owner + QStringLiteral(".lock"));
  net::FileDescriptor lock(::open(name.constData(), O_RDWR | O_CLOEXEC));
  if (!lock) return false;
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return true;
  ::unlink(name.constData());
  return false;
}

bool UnsentFolder::isFree(const QString& name, const QSet<QString>& inUse) {
  const auto owner = owner_of(name);
  return owner == owner_ ? !inUse.contains(name) : !lives(owner);
}

/// Of the workspaces whose names match, the oldest first.
QStringList UnsentFolder::freeRecords(const QString& pattern, const QSet<QString>& inUse) {
  QStringList names =
      QDir(path_).entryList({QStringLiteral("*.%1.*%2").arg(pattern, QLatin1String(record_ending))},
                            QDir::Files, QDir::Time | QDir::Reversed);
  for (auto& name : names) name.chop(5);
  names.removeIf([&](const QString& name) { return !isFree(name, inUse); });
  return names;
}

/// Texts and halves of files whose owner is gone and that no record names.
void UnsentFolder::sweep() {
  const QDir folder(path_);
  QSet<QString> named;
  for (auto name : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
    name.chop(5);
    if (const auto record = read(name)) named.insert(QString::fromStdString(record->text_file));
  }
  for (const auto& name : folder.entryList({QStringLiteral("*.text"), QStringLiteral("*.new")}, QDir::Files))
    if (owner_of(name) != owner_ && !named.contains(name) && !lives(owner_of(name)))
      QFile::remove(folder.filePath(name));
}

qint64 UnsentFolder::bytesWithout(const QString& name) const {
  qint64 bytes = 0;
  for (const auto& file : QDir(path_).entryInfoList(QDir::Files))
    if (!file.fileName().startsWith(name)) bytes += file.size();
  return bytes;
}

Result<void> UnsentFolder::replace(const QString& name, std::string_view bytes) {
  const auto target = QFile::encodeName(path_ + QLatin1Char('/') + name);
  const auto fresh = target + ".new";
  net::FileDescriptor file(
      ::open(fresh.constData(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return not_kept("a file can't be made");
  if (!write_whole(file.get(), bytes) || ::fdatasync(file.get()) != 0) {
    ::unlink(fresh.constData());
    return not_kept("the disk is full or does not answer");
  }
  if (::rename(fresh.constData(), target.constData()) != 0) return not_kept("a file can't be replaced");
  return {};
}

Result<void> UnsentFolder::sync() const {
  const net::FileDescriptor folder(
      ::open(QFile::encodeName(path_).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) return not_kept("its folder can't be synced");
  return {};
}

Result<void> UnsentFolder::write(const QString& name, UnsentRecord record,
                                 const std::optional<std::string>& text) {
  if (auto claimed = claim(); !claimed) return claimed;
  QString before = texts_.value(name);
  if (!text && before.isEmpty()) return not_kept("its text is missing");
  QString file = before;
  if (text) {
    // Under a new name: the record that is there goes on naming the text that it was made for.
    file = QStringLiteral("%1-%2%3")
               .arg(name)
               .arg(QRandomGenerator::global()->generate(), 0, 36)
               .arg(QLatin1String(text_ending));
  }
  record.text_file = file.toStdString();
  const auto json = protocol::encode(record).dump();
  if (bytesWithout(name) + static_cast<qint64>(json.size() + (text ? text->size() : 0)) >
      UnsentStore::largest)
    return not_kept("too much is waiting already");
  if (text)
    if (auto written = replace(file, *text); !written) return written;
  if (auto written = replace(name + QLatin1String(record_ending), json); !written) return written;
  if (auto synced = sync(); !synced) return synced;
  texts_[name] = file;
  if (text && !before.isEmpty()) QFile::remove(path_ + QLatin1Char('/') + before);
  return {};
}

Result<void> UnsentFolder::remove(const QString& name) {
  const auto text = texts_.take(name);
  const auto record = path_ + QLatin1Char('/') + name + QLatin1String(record_ending);
  Result<void> gone;
  if (QFile::exists(record)) {
    // One that can't be removed is emptied: then nobody takes it over.
    if (!QFile::remove(record) && !QFile::resize(record, 0))
      return not_kept("an old record can't be removed");
    gone = sync();  // or it would be sent a second time after a crash of the machine
  }
  if (!text.isEmpty()) QFile::remove(path_ + QLatin1Char('/') + text);
  return gone;
}

Result<UnsentRecord> UnsentFolder::read(const QString& name) const {
  const auto bytes = whole_file(path_ + QLatin1Char('/') + name + QLatin1String(record_ending));
  if (!bytes) return failure(ErrorCode::not_found, "This record is gone.");
  const auto json = protocol::parse_json(*bytes);
  if (!json) return std::unexpected(json.error());
  return protocol::decode<UnsentRecord>(*json, "unsent");
}

Result<std::optional<RestoredEdits>> UnsentFolder::take(const QString& workspace, const QString& path,
                                                        const QString& newName, const QSet<QString>& inUse) {
  if (!QFile::exists(path_)) return std::nullopt;
  for (const auto& name : freeRecords(workspace, inUse)) {
    if (const auto record = read(name); !record || QString::fromStdString(record->path) != path) continue;
    auto restored = readWhole(name);
    if (!restored) continue;
    if (auto claimed = claim(); !claimed) return std::unexpected(claimed.error());
    restored->name = newName;
    if (!takeOver(name, *restored)) continue;
    if (auto synced = sync(); !synced) return std::unexpected(synced.error());
    return restored;
  }
  return std::nullopt;
}

/// With the text that its edits build on; nothing where it is damaged.
std::optional<RestoredEdits> UnsentFolder::readWhole(const QString& name) const {
  const auto record = read(name);
  if (!record) return std::nullopt;
  const auto file = QString::fromStdString(record->text_file);
  if (file.contains(QLatin1Char('/'))) return std::nullopt;
  auto base = whole_file(path_ + QLatin1Char('/') + file);
  if (!base || !protocol::is_valid_utf8(*base)) return std::nullopt;
  if (record->advance) {
    auto moved = record->advance->apply(*base);
    if (!moved) return std::nullopt;
    base = std::move(*moved);
  }
  return RestoredEdits{name, *record, std::move(*base)};
}

/// Whoever renames it first has it.
bool UnsentFolder::takeOver(const QString& name, const RestoredEdits& restored) {
  const QDir folder(path_);
  if (!QFile::rename(folder.filePath(name + QLatin1String(record_ending)),
                     folder.filePath(restored.name + QLatin1String(record_ending))))
    return false;
  texts_.remove(name);
  texts_[restored.name] = QString::fromStdString(restored.record.text_file);
  return true;
}

Result<QStringList> UnsentFolder::list(const QString& workspace, const QSet<QString>& inUse) {
  QStringList paths;
  if (!QFile::exists(path_)) return paths;
  for (const auto& name : freeRecords(workspace, inUse))
    if (const auto record = read(name); record && !paths.contains(QString::fromStdString(record->path)))
      paths.append(QString::fromStdString(record->path));
  return paths;
}

Result<QStringList> UnsentFolder::workspaces(const QString& person, const QSet<QString>& inUse) {
  QStringList found;
  if (!QFile::exists(path_)) return found;
  for (const auto& name : freeRecords(person + QLatin1Char('*'), inUse))
    found.append(name.section(QLatin1Char('.'), 1, 1));
  found.removeDuplicates();
  return found;
}

Result<UnsentStore::Kept> UnsentFolder::keepAsFiles(const QString& workspace, const QString& folder,
                                                    const QSet<QString>& inUse) {
  QStringList files;
  if (!QFile::exists(path_)) return UnsentStore::Kept{};
  if (auto claimed = claim(); !claimed) return std::unexpected(claimed.error());
  if (!QDir().mkpath(folder)) return not_kept("the folder for its files can't be made");
  std::optional<Error> problem;  // the others are kept all the same
  for (const auto& name : freeRecords(workspace, inUse)) {
    auto restored = readWhole(name);
    const auto text = restored ? restored->text() : std::nullopt;
    if (!text) {
      problem = not_kept("what is on the disk is damaged").error();
      continue;
    }
    restored->name = QStringLiteral("%1.%2.%3")
                         .arg(owner_, workspace)
                         .arg(QRandomGenerator::system()->generate64(), 0, 36);
    if (!takeOver(name, *restored)) continue;
    const auto file = free_name(folder, restored->record);
    QSaveFile written(file);
    if (!written.open(QIODevice::WriteOnly) ||
        !written.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
        written.write(text->data(), static_cast<qint64>(text->size())) != static_cast<qint64>(text->size()) ||
        !written.commit()) {
      problem = not_kept("a file for its text can't be written").error();
      continue;
    }
    files.append(file);
    if (auto removed = remove(restored->name); !removed) return std::unexpected(removed.error());
  }
  if (files.isEmpty() && problem) return std::unexpected(*problem);
  return UnsentStore::Kept{files, problem ? QString::fromStdString(problem->message) : QString()};
}

}  // namespace berth::client
