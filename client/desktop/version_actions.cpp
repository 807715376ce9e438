// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/version_actions.hpp"

#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

#include "client/core/base_name.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/transfers.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/save_question.hpp"
#include "client/desktop/version_list.hpp"

namespace berth::desktop {
namespace {

using client::History;
constexpr int longest_version_name = 80;  // characters

}  // namespace

VersionActions::VersionActions(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                               client::Transfers* transfers, History* history, QWidget* window)
    : QObject(window),
      server_(server),
      facts_(facts),
      transfers_(transfers),
      history_(history),
      window_(window) {}

bool VersionActions::mayChange() {
  if (!may_change_) Q_EMIT failed(tr("You may look at this workspace, not change it."));
  return may_change_;
}

void VersionActions::restore(const History::Version& version, const QString& path) {
  if (!mayChange()) return;
  const auto what = path.isEmpty() ? tr("Everything") : client::base_name(path);
  auto* box = new QMessageBox(QMessageBox::Question, tr("Restore"),
                              path.isEmpty() ? tr("Bring everything back?") : tr("Bring %1 back?").arg(what),
                              QMessageBox::Cancel, window_);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setObjectName(QStringLiteral("restoreQuestion"));
  box->setTextFormat(Qt::PlainText);
  box->setInformativeText(
      tr("%1 becomes what it was at %2. Nothing is lost: what is there now is stored as a version of its own "
         "first, and files that the version does not have go to the trash.")
          .arg(path.isEmpty() ? tr("The whole workspace") : what, time_of(version)));
  auto* button = box->addButton(tr("Restore"), QMessageBox::AcceptRole);
  box->setDefaultButton(button);
  connect(button, &QPushButton::clicked, this, [this, version, path, what] {
    history_->restore(version, path, this, [this, what](Result<History::Restored> answer) {
      if (!answer) return Q_EMIT failed(sentence(answer.error()));
      const auto& problems = answer->problems;
      if (problems.empty())
        return Q_EMIT done(
            tr("%1 was brought back. What was there before is a version of its own.").arg(what));
      auto first = QString::fromStdString(problems.front().path);
      if (problems.size() > 1) first = tr("%1 and %2 more").arg(first).arg(problems.size() - 1);
      Q_EMIT failed(tr("%1 was brought back, but not %2: %3")
                        .arg(what, first, QString::fromStdString(problems.front().reason)));
    });
  });
  box->open();
}

void VersionActions::askName(const QString& title, const QString& label, const QString& text,
                             const QString& button, bool mayBeEmpty,
                             std::function<void(const QString&)> use) {
  auto* dialog = new QInputDialog(window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(QStringLiteral("versionName"));
  dialog->setWindowTitle(title);
  dialog->setLabelText(label);
  dialog->setTextValue(text);
  dialog->setOkButtonText(button);
  dialog->resize(420, dialog->sizeHint().height());
  if (auto* field = dialog->findChild<QLineEdit*>()) field->setMaxLength(longest_version_name);
  connect(dialog, &QInputDialog::textValueSelected, this,
          [use = std::move(use), mayBeEmpty](const QString& given) {
            const auto name = given.trimmed();
            if (mayBeEmpty || !name.isEmpty()) use(name);
          });
  dialog->open();
}

void VersionActions::keepNow() {
  if (!mayChange()) return;
  askName(tr("Keep What Is There Now"), tr("Name; a version with a name is kept for ever."), {}, tr("Keep"),
          false, [this](const QString& name) {
            history_->keepNow(name, this, [this, name](Result<History::Version> answer) {
              if (!answer) return Q_EMIT failed(sentence(answer.error()));
              Q_EMIT done(tr("What is there now is kept as “%1”.").arg(name));
            });
          });
}

void VersionActions::rename(const History::Version& version) {
  if (!mayChange()) return;
  askName(tr("Name This Version"),
          tr("A version with a name is kept for ever. Without one it thins out with time."),
          QString::fromStdString(version.name), tr("Save"), true, [this, version](const QString& name) {
            history_->rename(version, name, this, [this](Result<History::Version> answer) {
              if (!answer) Q_EMIT failed(sentence(answer.error()));
            });
          });
}

void VersionActions::fork(const History::Version& version) {
  askName(tr("New Workspace from This Version"), tr("Name"),
          tr("%1 copy").arg(QString::fromStdString(facts_.name)), tr("Create and Open"), false,
          [this, version, kind = QString::fromStdString(facts_.template_id)](const QString& name) {
            history_->fork(version, name, kind, this, [this](Result<protocol::rest::Workspace> answer) {
              if (!answer) return Q_EMIT failed(sentence(answer.error()));
              Q_EMIT workspaceMade(*answer);
            });
          });
}

void VersionActions::download(const History::Version& version) {
  const auto what =
      history_->path().isEmpty() ? QString::fromStdString(facts_.name) : client::base_name(history_->path());
  ask_where_to_save_archive(window_, QStringLiteral("%1 %2").arg(what, title_of(version)), this,
                            [this, id = QString::fromStdString(version.id), path = history_->path()](
                                const QString& local, const QString& format) {
                              follow(transfers_->downloadArchive(server_, QString::fromStdString(facts_.id),
                                                                 {path, format, id}, local));
                            });
}

void VersionActions::downloadFile(const History::Version& version, const QString& path) {
  ask_where_to_save(
      window_, client::base_name(path), this,
      [this, id = QString::fromStdString(version.id), path](const QString& local) {
        follow(transfers_->downloadOldFile(server_, QString::fromStdString(facts_.id), id, path, local));
      });
}

void VersionActions::follow(client::Transfer* transfer) {
  connect(transfer, &client::Transfer::finished, this, [this, transfer] {
    const auto name = QFileInfo(transfer->local()).fileName();
    if (transfer->state() == client::Transfer::State::done)
      return Q_EMIT done(tr("%1 was downloaded to %2.").arg(name, QFileInfo(transfer->local()).path()));
    Q_EMIT failed(tr("%1 was not downloaded: %2").arg(name, transfer->problem()));
  });
}

}  // namespace berth::desktop
