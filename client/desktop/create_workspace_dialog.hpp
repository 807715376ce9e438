// SPDX-License-Identifier: GPL-3.0-or-later
// A new workspace: its name, and what it begins with (a template, a git repository, an archive or a folder of
// this machine); then how far it is, with a way back.
#pragma once

#include <QDialog>
#include <QPointer>

#include "client/core/workspace_creation.hpp"
#include "protocol/rest.hpp"

class QFrame;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace berth::client {
class ServerConnection;
}

namespace berth::desktop {

class OwnerChoice;
class TemplateList;

class CreateWorkspaceDialog : public QDialog {
  Q_OBJECT

 public:
  enum class Source { from_template, git, archive, folder };

  explicit CreateWorkspaceDialog(client::ServerConnection* server, QWidget* parent = nullptr);
  ~CreateWorkspaceDialog() override;

  void setSource(Source source);
  Source source() const { return source_; }
  /// The field of the source that is shown: a URL or a path.
  QLineEdit* field() const;

 Q_SIGNALS:
  void created(const berth::protocol::rest::Workspace& workspace);

 public Q_SLOTS:
  /// Takes back what is under way.
  void reject() override;

 private:
  QWidget* makeSources();
  QWidget* makePage(Source source);
  QWidget* makeProgress();
  void askForTeams();
  void showOwner();
  void offerName();
  void refreshButtons();
  void browse();
  void create();
  void follow();
  void ended();
  void showProblem(const QString& text);

  client::ServerConnection* server_;
  Source source_ = Source::from_template;
  QPointer<client::WorkspaceCreation> creation_;
  QList<QToolButton*> source_buttons_;
  QWidget* form_;
  QLineEdit* name_;
  OwnerChoice* owner_;
  TemplateList* templates_;
  QLineEdit* git_;
  QLineEdit* archive_;
  QLineEdit* folder_;
  QStackedWidget* pages_;
  QWidget* progress_;
  QLabel* progress_text_;
  QProgressBar* progress_bar_;
  QLabel* problem_;
  QPushButton* cancel_;
  QPushButton* create_;
  bool has_teams_ = false;
  bool named_ = false;  // the person typed a name
};

}  // namespace berth::desktop
