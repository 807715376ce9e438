// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/folder_archive.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPointer>
#include <QStandardPaths>
#include <QThreadPool>
#include <filesystem>
#include <functional>

#include "client/core/tar_header.hpp"

namespace berth::client {
namespace {

constexpr std::size_t packed_piece = 256 << 10;  // bytes that are read and written at once
constexpr int told_every = 100;                  // ms

QString pack_sentence(const char* text, const std::filesystem::path& path, const QString& why) {
  return QCoreApplication::translate("berth", text).arg(QString::fromStdString(path.string()), why);
}

QString unreadable(const std::filesystem::path& path, const QString& why) {
  return pack_sentence("%1 can't be read: %2. Make it readable or move it away, then try again.", path, why);
}

/// Packs one folder; lives on the pool's thread.
class Packing {
 public:
  using Tell = std::function<void(qint64 packed, qint64 all)>;
  Packing(std::filesystem::path folder, const std::string& archive, std::atomic<bool>& stop, Tell tell)
      : folder_(std::move(folder)), stop_(stop), tell_(std::move(tell)) {
    // Never made anew: one that is given up before this thread begins is deleted already.
    const int file = ::open(archive.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0) return;
    out_ = ::gzdopen(file, "wb1");
    if (!out_) ::close(file);
  }
  ~Packing() {
    if (out_) ::gzclose(out_);
  }

  /// "" when all is packed.
  QString run() {
    if (!out_)
      return QCoreApplication::translate("berth", "No temporary file can be made to pack the folder in.");
    each([this](const std::filesystem::path&, const struct stat& facts) {
      if (S_ISREG(facts.st_mode)) all_ += facts.st_size;
    });
    since_told_.start();
    tell_(0, all_);
    if (problem_.isEmpty())
      each([this](const std::filesystem::path& path, const struct stat& facts) { add(path, facts); });
    if (problem_.isEmpty()) {
      write(std::string(tar_end, '\0'));
      if (::gzclose(std::exchange(out_, nullptr)) != Z_OK) fail_to_write();
    }
    return problem_;
  }

 private:
  bool goes_on() const { return problem_.isEmpty() && !stop_; }

  template <class Use>
  void each(Use use) {
    std::error_code error;
    auto at = std::filesystem::recursive_directory_iterator(folder_, error);
    if (error) problem_ = unreadable(folder_, QString::fromStdString(error.message()));
    while (goes_on() && at != std::filesystem::recursive_directory_iterator()) {
      const auto path = at->path();
      struct stat facts;
      if (::lstat(path.c_str(), &facts) == 0) use(path, facts);
      at.increment(error);
      if (error) problem_ = unreadable(path, QString::fromStdString(error.message()));
    }
  }

  void add(const std::filesystem::path& path, const struct stat& facts) {
    TarEntry entry{path.lexically_relative(folder_).string()};
    entry.mode = facts.st_mode & 0777;
    entry.modified = facts.st_mtime;
    if (S_ISDIR(facts.st_mode)) {
      entry.type = TarEntry::Type::directory;
      write(tar_header(entry));
    } else if (S_ISLNK(facts.st_mode)) {
      std::error_code error;
      entry.type = TarEntry::Type::symlink;
      entry.target = std::filesystem::read_symlink(path, error).string();
      if (!error) write(tar_header(entry));
    } else if (S_ISREG(facts.st_mode)) {
      add_file(path, entry);
    }
  }

  void add_file(const std::filesystem::path& path, TarEntry& entry) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || ::fstat(file, &facts) != 0) {
      problem_ = unreadable(path, qt_error_string());
    } else {
      entry.size = static_cast<std::uint64_t>(facts.st_size);
      write(tar_header(entry));
      copy(file, path, entry.size);
      write(std::string(tar_padding(entry.size), '\0'));
    }
    if (file >= 0) ::close(file);
  }

  void copy(int file, const std::filesystem::path& path, std::uint64_t left) {
    piece_.resize(packed_piece);
    while (left > 0 && goes_on()) {
      const auto got = ::read(file, piece_.data(), std::min<std::uint64_t>(piece_.size(), left));
      if (got < 0) problem_ = unreadable(path, qt_error_string());
      if (got == 0) problem_ = pack_sentence("%1 changed while it was packed%2. Try again.", path, {});
      if (got <= 0) return;
      write({piece_.data(), static_cast<std::size_t>(got)});
      left -= static_cast<std::uint64_t>(got);
      packed_ += got;
      if (since_told_.elapsed() < told_every) continue;
      since_told_.start();
      tell_(packed_, all_);
    }
  }

  void write(std::string_view bytes) {
    if (!goes_on() || bytes.empty()) return;
    if (::gzwrite(out_, bytes.data(), static_cast<unsigned>(bytes.size())) <= 0) fail_to_write();
  }

  void fail_to_write() {
    problem_ = QCoreApplication::translate(
        "berth", "The folder can't be packed: the disk with the temporary files may be full.");
  }

  std::filesystem::path folder_;
  std::atomic<bool>& stop_;
  Tell tell_;
  gzFile out_ = nullptr;
  std::string piece_;
  qint64 packed_ = 0;
  qint64 all_ = 0;
  QElapsedTimer since_told_;
  QString problem_;
};

}  // namespace

FolderArchive::FolderArchive(QString folder, QObject* parent) : QObject(parent), folder_(std::move(folder)) {
  // Not /tmp, which may be memory.
  const auto place = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
  QDir().mkpath(place);
  file_.setFileTemplate(place + QStringLiteral("/packed-XXXXXX.tar.gz"));
}

FolderArchive::~FolderArchive() { *stop_ = true; }

void FolderArchive::start() {
  if (!file_.open()) {
    const auto why = file_.errorString();
    QMetaObject::invokeMethod(
        this, [this, why] { Q_EMIT finished(tr("No temporary file can be made: %1").arg(why)); },
        Qt::QueuedConnection);
    return;
  }
  const auto archive = QFile::encodeName(file_.fileName()).toStdString();
  const std::filesystem::path folder(QFile::encodeName(QDir(folder_).absolutePath()).toStdString());
  // The pointer is looked at on this thread only, where it may die.
  QThreadPool::globalInstance()->start([self = QPointer<FolderArchive>(this), stop = stop_, folder, archive,
                                        here = QCoreApplication::instance()] {
    Packing packing(folder, archive, *stop, [self, here](qint64 packed, qint64 all) {
      QMetaObject::invokeMethod(here, [self, packed, all] {
        if (self) Q_EMIT self->progress(packed, all);
      });
    });
    const auto problem = packing.run();
    QMetaObject::invokeMethod(here, [self, problem] {
      if (self) Q_EMIT self->finished(problem);
    });
  });
}

}  // namespace berth::client
