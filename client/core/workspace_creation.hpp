// SPDX-License-Identifier: GPL-3.0-or-later
// A new workspace on its way: from a template, a git repository, an archive or a folder of this machine, with
// progress, and with an end at any time after which nothing of it is left.
#pragma once

#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QObject>
#include <QPointer>
#include <memory>
#include <optional>

#include "protocol/rest_teams.hpp"

class QNetworkReply;

namespace berth::client {

class FolderArchive;
class ServerConnection;

/// "tar.gz" of "work.tgz": what the server calls an archive of this name; "" for what is none.
QString archive_format(const QString& fileName);
/// What a workspace made of this archive, folder or URL is called at first; at most 80 characters.
QString name_of_source(const QString& pathOrUrl);
/// The URL that git's short form stands for: git@host:people/project is ssh://git@host/people/project.
/// Anything else stays, without the spaces around it.
QString git_url_of(const QString& typed);

class WorkspaceCreation : public QObject {
  Q_OBJECT

 public:
  enum class Step { packing, uploading, creating, done, failed, cancelled };

  /// Lives with the server, not with the window that asked: one that was cancelled late may still have to be
  /// taken back. It deletes itself some time after `finished`.
  explicit WorkspaceCreation(ServerConnection* server);
  ~WorkspaceCreation() override;

  /// Before one of these: it is to be a team's, whose id this is.
  void setTeam(const QString& team) { team_ = team; }
  /// One of these, once `finished` is connected: what can't begin ends at once.
  void fromTemplate(const QString& name, const QString& templateId);
  void fromTeamTemplate(const QString& name, const protocol::rest::TeamTemplate& source);
  void fromGit(const QString& name, const QString& url);
  void fromArchive(const QString& name, const QString& file);
  void fromFolder(const QString& name, const QString& folder);
  /// `finished` follows at once.
  void cancel();

  Step step() const { return step_; }
  qint64 bytes() const { return bytes_; }  // packed or uploaded so far …
  qint64 size() const { return size_; }    // … of so many; 0 while that is not known
  const QString& problem() const { return problem_; }
  const std::optional<protocol::rest::Workspace>& workspace() const { return workspace_; }

 Q_SIGNALS:
  void changed();
  void finished();

 private:
  void create(protocol::rest::CreateWorkspace::Body body);
  void upload(const QString& name, const QString& format, QFile* file);
  void begin(const QString& name, const QString& format, QFile* file);
  void send(const QNetworkRequest& request, QFile* file);
  void uploaded();
  void answered(Result<protocol::rest::Workspace> answer);
  void fail(const QString& problem);
  void end(Step step);
  bool ended() const { return step_ == Step::done || step_ == Step::failed || step_ == Step::cancelled; }

  ServerConnection* server_;
  Step step_ = Step::creating;
  qint64 bytes_ = 0;
  qint64 size_ = 0;
  QString problem_;
  QString team_;
  std::optional<protocol::rest::Workspace> workspace_;
  QFile archive_;
  std::unique_ptr<FolderArchive> folder_;
  QNetworkAccessManager network_;
  QPointer<QNetworkReply> reply_;
};

}  // namespace berth::client
