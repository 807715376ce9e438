// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/version_actions.hpp"

#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>

#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/version_list.hpp"

namespace berth::desktop {
namespace {

using client::History;
constexpr int longest_name = 80;  // characters

QString base_name(const QString& path) { return path.section(QLatin1Char('/'), -1); }

}  // namespace

VersionActions::VersionActions(client::Workspace* workspace, History* history, QWidget* window)
    : QObject(window), workspace_(workspace), history_(history), window_(window) {}

void VersionActions::restore(const History::Version& version, const QString& path) {
  const auto what = path.isEmpty() ? tr("Everything") : base_name(path);
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
  if (auto* field = dialog->findChild<QLineEdit*>()) field->setMaxLength(longest_name);
  connect(dialog, &QInputDialog::textValueSelected, this,
          [use = std::move(use), mayBeEmpty](const QString& given) {
            const auto name = given.trimmed();
            if (mayBeEmpty || !name.isEmpty()) use(name);
          });
  dialog->open();
}

void VersionActions::keepNow() {
  askName(tr("Keep What Is There Now"), tr("Name; a version with a name is kept for ever."), {}, tr("Keep"),
          false, [this](const QString& name) {
            history_->keepNow(name, this, [this, name](Result<History::Version> answer) {
              if (!answer) return Q_EMIT failed(sentence(answer.error()));
              Q_EMIT done(tr("What is there now is kept as “%1”.").arg(name));
            });
          });
}

void VersionActions::rename(const History::Version& version) {
  askName(tr("Name This Version"),
          tr("A version with a name is kept for ever. Without one it thins out with time."),
          QString::fromStdString(version.name), tr("Save"), true, [this, version](const QString& name) {
            history_->rename(version, name, this, [this](Result<History::Version> answer) {
              if (!answer) Q_EMIT failed(sentence(answer.error()));
            });
          });
}

void VersionActions::fork(const History::Version& version) {
  const auto& facts = workspace_->facts();
  askName(tr("New Workspace from This Version"), tr("Name"),
          tr("%1 copy").arg(QString::fromStdString(facts.name)), tr("Create and Open"), false,
          [this, version, kind = QString::fromStdString(facts.template_id)](const QString& name) {
            history_->fork(version, name, kind, this, [this](Result<protocol::rest::Workspace> answer) {
              if (!answer) return Q_EMIT failed(sentence(answer.error()));
              Q_EMIT workspaceMade(*answer);
            });
          });
}

void VersionActions::download(const History::Version& version, const QString& format) {
  const auto what = history_->path().isEmpty() ? QString::fromStdString(workspace_->facts().name)
                                               : base_name(history_->path());
  auto name = QStringLiteral("%1 %2.%3").arg(what, title_of(version), format);
  name.replace(QLatin1Char('/'), QLatin1Char('_')).replace(QLatin1Char(':'), QLatin1Char('-'));
  const auto folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
  auto* dialog = new QFileDialog(window_, tr("Download"), folder);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->selectFile(name);
  const auto id = QString::fromStdString(version.id);
  connect(dialog, &QFileDialog::fileSelected, this,
          [this, id, format, path = history_->path()](const QString& local) {
            workspace_->transfers()->downloadVersion(workspace_->server(), workspace_->id(), id, path, format,
                                                     local);
            Q_EMIT done(tr("The download goes on in the workspace's window."));
          });
  dialog->open();
}

}  // namespace berth::desktop
