// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/local_copy.hpp"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "client/core/base_name.hpp"
#include "client/core/file_tree.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr int most_fetched = 20'000;         // files and folders
constexpr std::uint32_t fetch_page = 2'000;  // entries

}  // namespace

LocalCopy::LocalCopy(WorkspaceConnection* connection, Transfers* transfers, QStringList paths,
                     QObject* parent, qint64 most)
    : QObject(parent),
      connection_(connection),
      transfers_(transfers),
      paths_(std::move(paths)),
      most_(most) {}

LocalCopy::~LocalCopy() { cancel(); }

void LocalCopy::start() {
  if (state_ != State::idle) return;
  state_ = State::running;
  const auto above =
      QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + QStringLiteral("/dragged");
  QDir().mkpath(above);
  folder_.emplace(above + QStringLiteral("/XXXXXX"));
  if (!folder_->isValid()) return finish(tr("No folder can be made: %1").arg(folder_->errorString()));
  ++asked_;  // until all are asked for
  for (const auto& path : paths_) stat(path);
  --asked_;
  next();
}

void LocalCopy::cancel() {
  if (state_ == State::running) finish(tr("Cancelled."));
}

QList<QUrl> LocalCopy::urls() const { return state_ == State::done ? urls_ : QList<QUrl>(); }

void LocalCopy::stat(const QString& path) {
  ++asked_;
  request<protocol::FileStat>(
      connection_, {path.toStdString()}, this, [this, path](Result<protocol::FileStat::Result> answer) {
        --asked_;
        if (state_ != State::running) return;
        if (!answer) return finish(QString::fromStdString(answer.error().message));
        // Two of one name, from two folders, get a folder each.
        auto local = folder_->filePath(base_name(path));
        for (int i = 2; QFileInfo::exists(local); ++i) {
          QDir(folder_->path()).mkdir(QString::number(i));
          local = folder_->filePath(QStringLiteral("%1/%2").arg(i).arg(base_name(path)));
        }
        urls_.append(QUrl::fromLocalFile(local));
        take(path, local, answer->entry);
        next();
      });
}

/// Links are followed where they stay inside; what is neither file nor folder is left out.
void LocalCopy::take(const QString& path, const QString& local, const protocol::FileEntry& entry) {
  using protocol::EntryType;
  const auto type =
      entry.type == EntryType::symlink ? entry.target_type.value_or(EntryType::other) : entry.type;
  // A linked folder may lead back up: it is left out below another one.
  if (type == EntryType::directory && entry.type == EntryType::directory) {
    if (++files_ > most_fetched) return finish(tr("That is too much to drag; download it as an archive."));
    if (!QDir().mkpath(local)) return finish(tr("%1 can't be made.").arg(local));
    folders_.emplace_back(path, local);
  } else if (type == EntryType::file) {
    // A size that is a lie neither wraps the sum round nor lets more in than there may be.
    stated_ += std::min<std::uint64_t>(entry.size, static_cast<std::uint64_t>(most_) + 1);
    if (++files_ > most_fetched || stated_ > most_)
      return finish(tr("That is too much to drag; download it as an archive."));
    fetch(path, local);
  }
}

void LocalCopy::fetch(const QString& path, const QString& local) {
  if (!transfers_) return finish(tr("Cancelled."));
  // Its place is taken at once, so that another one of its name is seen.
  QFile place(local);
  if (!place.open(QIODevice::WriteOnly))
    return finish(tr("%1 can't be written: %2").arg(local, place.errorString()));
  place.close();
  ++asked_;
  auto* transfer = transfers_->download(path, local);
  under_way_.append(transfer);
  connect(transfer, &Transfer::changed, this, &LocalCopy::lookAtSize);
  connect(transfer, &Transfer::finished, this, [this, transfer] {
    --asked_;
    under_way_.removeAll(transfer);
    if (state_ != State::running) return;
    arrived_ += transfer->bytes();
    lookAtSize();
    if (state_ != State::running) return;
    if (transfer->state() == Transfer::State::failed) return finish(transfer->problem());
    next();
  });
}

void LocalCopy::list(const QString& folder, const QString& local, std::optional<std::string> cursor) {
  ++asked_;
  request<protocol::FileList>(connection_, {folder.toStdString(), std::move(cursor), fetch_page}, this,
                              [this, folder, local](Result<protocol::FileList::Result> answer) {
                                --asked_;
                                if (state_ != State::running) return;
                                if (!answer) return finish(QString::fromStdString(answer.error().message));
                                for (const auto& entry : answer->entries) {
                                  // Whatever a runner says, it names something right in this folder.
                                  if (!is_entry_name(entry.name)) continue;
                                  const auto name = QString::fromStdString(entry.name);
                                  take(joined(folder, name), joined(local, name), entry);
                                  if (state_ != State::running) return;
                                }
                                if (answer->cursor && !answer->entries.empty())
                                  return list(folder, local, answer->cursor);
                                listing_ = false;
                                next();
                              });
}

/// A file may be longer than was said of it.
void LocalCopy::lookAtSize() {
  if (state_ != State::running) return;
  auto bytes = arrived_;
  for (const auto& transfer : under_way_)
    if (transfer) bytes += transfer->bytes();
  if (bytes > most_) finish(tr("That is too much to drag; download it as an archive."));
}

void LocalCopy::next() {
  if (state_ != State::running) return;
  if (!listing_ && !folders_.empty()) {
    const auto [path, local] = folders_.front();
    folders_.pop_front();
    listing_ = true;
    return list(path, local, {});
  }
  if (asked_ == 0 && !listing_ && folders_.empty()) finish({});
}

void LocalCopy::finish(const QString& problem) {
  if (state_ != State::running) return;
  problem_ = problem;
  state_ = problem.isEmpty() ? State::done : State::failed;
  for (const auto& transfer : std::exchange(under_way_, {}))
    if (transfer) transfer->cancel();
  Q_EMIT finished();
}

}  // namespace berth::client
