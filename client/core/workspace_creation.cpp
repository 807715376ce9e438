// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_creation.hpp"

#include <QFileInfo>
#include <QLocale>
#include <QNetworkReply>
#include <QRegularExpression>

#include "client/core/folder_archive.hpp"
#include "client/core/rest_answer.hpp"
#include "client/core/rest_transport.hpp"
#include "client/core/server_connection.hpp"

namespace berth::client {
namespace {

constexpr int longest_workspace_name = 80;  // characters, the server's limit
constexpr int upload_silence = 300'000;     // ms without a byte; the new workspace starts before it is read
constexpr qint64 longest_import_answer = 1 << 20;  // bytes
const auto bare = QStringLiteral("empty");         // the template whose project is only what is brought

}  // namespace

QString archive_format(const QString& fileName) {
  static const QRegularExpression ending(
      QStringLiteral("\\.(zip|tar|tar\\.gz|tar\\.xz|tar\\.zst|tgz|txz|tzst)$"),
      QRegularExpression::CaseInsensitiveOption);
  const auto found = ending.match(fileName).captured(1).toLower();
  if (found == QLatin1String("tgz")) return QStringLiteral("tar.gz");
  if (found == QLatin1String("txz")) return QStringLiteral("tar.xz");
  if (found == QLatin1String("tzst")) return QStringLiteral("tar.zst");
  return found;
}

QString name_of_source(const QString& pathOrUrl) {
  static const QRegularExpression slashes(QStringLiteral("[/\\s]+$"));
  static const QRegularExpression parts(QStringLiteral("[/:]"));
  static const QRegularExpression endings(QStringLiteral("\\.(git|zip|tar(\\.\\w+)?|t[gx]z|tzst)$"),
                                          QRegularExpression::CaseInsensitiveOption);
  auto text = pathOrUrl;
  text.remove(slashes);
  auto name = text.split(parts).constLast();
  return name.remove(endings).trimmed().left(longest_workspace_name);
}

QString git_url_of(const QString& typed) {
  static const QRegularExpression brief(QStringLiteral("^([\\w.-]+@[\\w.-]+):(?!/)(.+)$"));
  const auto text = typed.trimmed();
  const auto match = brief.match(text);
  return match.hasMatch() ? QStringLiteral("ssh://%1/%2").arg(match.captured(1), match.captured(2)) : text;
}

WorkspaceCreation::WorkspaceCreation(ServerConnection* server) : QObject(server), server_(server) {
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

WorkspaceCreation::~WorkspaceCreation() {
  if (!reply_) return;
  reply_->disconnect(this);
  reply_->abort();
}

void WorkspaceCreation::fromTemplate(const QString& name, const QString& templateId) {
  create({name.toStdString(), templateId.toStdString()});
}

void WorkspaceCreation::fromGit(const QString& name, const QString& url) {
  rest::CreateWorkspace::Body body{name.toStdString(), bare.toStdString()};
  body.git_url = git_url_of(url).toStdString();
  create(body);
}

void WorkspaceCreation::fromTeamTemplate(const QString& name, const rest::TeamTemplate& source) {
  rest::CreateWorkspace::Body body{name.toStdString(), source.template_id};
  body.from_workspace = source.workspace;
  body.from_version = source.version;
  create(body);
}

void WorkspaceCreation::create(rest::CreateWorkspace::Body body) {
  if (!team_.isEmpty()) body.team = team_.toStdString();
  Q_EMIT changed();
  server_->createWorkspace(body, this,
                           [this](Result<rest::Workspace> answer) { answered(std::move(answer)); });
}

void WorkspaceCreation::fromArchive(const QString& name, const QString& file) {
  const auto format = archive_format(file);
  if (format.isEmpty()) return fail(tr("An archive is a .zip, .tar, .tar.gz, .tar.xz or .tar.zst file."));
  archive_.setFileName(file);
  if (!QFileInfo(file).isFile()) return fail(tr("There is no file %1.").arg(file));
  if (!archive_.open(QIODevice::ReadOnly))
    return fail(tr("%1 can't be read: %2").arg(file, archive_.errorString()));
  if (archive_.size() == 0) return fail(tr("%1 is empty.").arg(file));
  upload(name, format, &archive_);
}

void WorkspaceCreation::fromFolder(const QString& name, const QString& folder) {
  if (!QFileInfo(folder).isDir()) return fail(tr("There is no folder %1.").arg(folder));
  step_ = Step::packing;
  folder_ = std::make_unique<FolderArchive>(folder);
  connect(folder_.get(), &FolderArchive::progress, this, [this](qint64 packed, qint64 all) {
    bytes_ = packed;
    size_ = all;
    Q_EMIT changed();
  });
  connect(folder_.get(), &FolderArchive::finished, this, [this, name](const QString& problem) {
    if (step_ != Step::packing) return;
    if (!problem.isEmpty()) return fail(problem);
    upload(name, QStringLiteral("tar.gz"), folder_->file());
  });
  folder_->start();
  Q_EMIT changed();
}

void WorkspaceCreation::upload(const QString& name, const QString& format, QFile* file) {
  step_ = Step::uploading;
  bytes_ = 0;
  size_ = file->size();
  Q_EMIT changed();
  // Of a team's storage only the server knows.
  if (!team_.isEmpty()) return begin(name, format, file);
  // The server would refuse what does not fit, but hardly in the middle of an upload.
  server_->fetchStorage(this, [this, name, format, file](Result<rest::GetStorage::Result> storage) {
    if (ended()) return;
    const auto used = storage ? storage->used : 0;
    const auto limit = storage ? storage->limit : 0;
    if (limit > 0 && used + static_cast<std::uint64_t>(size_) > limit)
      return fail(
          tr("This needs up to %1 of your storage, which has %2 left. Delete a workspace that you no "
             "longer need, or ask the administrator for more.")
              .arg(QLocale().formattedDataSize(size_),
                   QLocale().formattedDataSize(static_cast<qint64>(limit > used ? limit - used : 0))));
    begin(name, format, file);
  });
}

void WorkspaceCreation::begin(const QString& name, const QString& format, QFile* file) {
  server_->importRequest(name, bare, format, team_, this, [this, file](Result<QNetworkRequest> request) {
    if (ended()) return;
    if (!request) return fail(QString::fromStdString(request.error().message));
    send(*request, file);
  });
}

void WorkspaceCreation::send(const QNetworkRequest& request, QFile* file) {
  auto post = request;
  post.setTransferTimeout(upload_silence);
  post.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/octet-stream"));
  reply_ = network_.post(post, file);
  connect(reply_, &QNetworkReply::uploadProgress, this, [this](qint64 sent, qint64) {
    if (ended() || sent < bytes_) return;  // Qt counts from 0 again once all is answered
    bytes_ = sent;
    if (sent >= size_) step_ = Step::creating;
    Q_EMIT changed();
  });
  connect(reply_, &QNetworkReply::readyRead, this, [this] {
    if (reply_->bytesAvailable() > longest_import_answer) reply_->abort();
  });
  connect(reply_, &QNetworkReply::finished, this, &WorkspaceCreation::uploaded);
}

void WorkspaceCreation::uploaded() {
  const int status = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  const auto body = reply_->read(longest_import_answer);
  if (status >= 200 && status < 300 && reply_->error() == QNetworkReply::NoError)
    return answered(decoded_answer<rest::Workspace>(body, rest::ImportWorkspace::path));
  if (status >= 300) return answered(std::unexpected(error_of_answer(status, body)));
  answered(
      failure(ErrorCode::unavailable,
              "The upload broke off: the connection was lost, or the server takes no more workspaces. Look "
              "whether one can be stopped or deleted, then try again."));
}

void WorkspaceCreation::answered(Result<rest::Workspace> answer) {
  if (step_ == Step::cancelled) {
    // Too late to be refused: it is taken back.
    if (answer)
      server_->deleteWorkspace(QString::fromStdString(answer->id), server_, [](Result<rest::NoBody>) {});
    return deleteLater();
  }
  if (!answer) {
    auto told = QString::fromStdString(answer.error().message);
    const auto field = QStringLiteral("body.git_url: ");  // the only one that a person types as it is sent
    if (told.startsWith(field)) told.replace(0, field.size(), tr("The repository's URL "));
    return fail(told);
  }
  workspace_ = std::move(*answer);
  bytes_ = size_;  // Qt tells of the way now and then only
  end(Step::done);
}

void WorkspaceCreation::cancel() {
  if (ended()) return;
  if (step_ == Step::packing) folder_.reset();
  if (step_ == Step::creating) {
    // Once the server has it all it goes on by itself: its answer is waited for.
    step_ = Step::cancelled;
    Q_EMIT changed();
    return Q_EMIT finished();
  }
  if (reply_) {
    reply_->disconnect(this);
    reply_->abort();  // an archive that does not come whole leaves no workspace behind
  }
  end(Step::cancelled);
}

void WorkspaceCreation::fail(const QString& problem) {
  problem_ = problem;
  end(Step::failed);
}

void WorkspaceCreation::end(Step step) {
  step_ = step;
  Q_EMIT changed();
  Q_EMIT finished();
  deleteLater();
}

}  // namespace berth::client
