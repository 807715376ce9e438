// SPDX-License-Identifier: GPL-3.0-or-later
// A name and a template for a new workspace.
#pragma once

#include <QDialog>

#include "protocol/rest.hpp"

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace berth::client {
class ServerConnection;
}

namespace berth::desktop {

class CreateWorkspaceDialog : public QDialog {
  Q_OBJECT

 public:
  explicit CreateWorkspaceDialog(client::ServerConnection* server, QWidget* parent = nullptr);
  void choose(const QString& templateId);

 Q_SIGNALS:
  void created(const berth::protocol::rest::Workspace& workspace);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showTemplates(const std::vector<protocol::rest::Template>& templates);
  void create();
  void fail(const QString& text);

  client::ServerConnection* server_;
  QLineEdit* name_;
  QVBoxLayout* rows_;
  QLabel* problem_;
  QPushButton* cancel_;
  QPushButton* create_;
  QString chosen_;
  bool named_ = false;  // the person typed a name
};

}  // namespace berth::desktop
