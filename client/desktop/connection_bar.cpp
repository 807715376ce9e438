// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/connection_bar.hpp"

#include <QDateTime>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/start_words.hpp"

namespace berth::desktop {
namespace {

constexpr int grace = 700;          // ms
constexpr int look_interval = 700;  // ms

QString stopping_words() { return ConnectionBar::tr("Storing the last changes and stopping…"); }

}  // namespace

ConnectionBar::ConnectionBar(client::Workspace* workspace, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      link_(new MessageBar),
      notice_(new MessageBar),
      import_(new MessageBar),
      storage_(new MessageBar) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(link_);
  layout->addWidget(notice_);
  layout->addWidget(import_);
  layout->addWidget(storage_);
  tick_.setInterval(1000);
  look_.setInterval(look_interval);
  connect(&look_, &QTimer::timeout, this, [this] {
    if (link_->isVisible() && (starting_ || !was_online_))
      lookAtStart();
    else
      look_.stop();
  });
  grace_.setSingleShot(true);
  grace_.setInterval(grace);
  connect(&tick_, &QTimer::timeout, this, &ConnectionBar::countDown);
  connect(&grace_, &QTimer::timeout, this, &ConnectionBar::refreshLink);
  auto* connection = workspace->connection();
  connect(connection, &client::WorkspaceConnection::stateChanged, this, [this, connection] {
    const auto state = connection->state();
    if (state == client::LinkState::online || state == client::LinkState::stopped ||
        state == client::LinkState::ended) {
      grace_.stop();
      refreshLink();
    } else if (link_->isVisible()) {
      refreshLink();
    } else if (!grace_.isActive()) {
      grace_.start();
    }
  });
  connect(connection, &client::WorkspaceConnection::notice, this,
          [this](const protocol::SessionNotice::Params& notice) {
            const auto text = QString::fromStdString(notice.text);
            if (notice.kind == protocol::NoticeKind::idle_warning)
              return warnIdle(text, notice.seconds_left.value_or(120));
            const auto kind = notice.kind == protocol::NoticeKind::info ? MessageBar::Kind::info
                                                                        : MessageBar::Kind::warning;
            stops_at_ = 0;
            notice_->show(kind, text, {}, true);
          });
  connect(workspace, &client::Workspace::failed, this, &ConnectionBar::showNotice);
  connect(workspace, &client::Workspace::factsChanged, this, &ConnectionBar::refreshReason);
  connect(workspace, &client::Workspace::roleChanged, this, &ConnectionBar::tellRole);
  connect(workspace, &client::Workspace::stopRefused, this, [this](const QString& why) {
    reason_ = why;
    stops_at_ = 0;
    notice_->show(MessageBar::Kind::error, why,
                  {{tr("Try Again"),
                    [this] {
                      notice_->show(MessageBar::Kind::info, stopping_words());
                      workspace_->stop();
                    }}},
                  true);
  });
  connect(workspace->projectImport(), &client::ProjectImport::changed, this, &ConnectionBar::refreshImport);
  connect(workspace->storage(), &client::StorageState::changed, this, &ConnectionBar::refreshStorage);
  // Whoever opens one that stands still has it started, and waits.
  starting_ = !workspace->facts().id.empty() && workspace->mayEdit() &&
              workspace->facts().state != protocol::rest::WorkspaceState::running;
  if (starting_) grace_.start();
}

/// Until it is connected, what the start that it waits for does.
void ConnectionBar::showStarting() {
  link_->show(MessageBar::Kind::info,
              starting_ ? tr("Starting the workspace…") : tr("Connecting to the workspace…"));
  link_->setProgress({});
  look_.start();
}

void ConnectionBar::lookAtStart() {
  if (std::exchange(looking_, true)) return;
  workspace_->server()->fetchWorkspace(workspace_->id(), this, [this](Result<protocol::rest::Workspace> now) {
    looking_ = false;
    if (!look_.isActive() || !link_->isVisible() || (was_online_ && !starting_)) return;
    if (!now || now->state != protocol::rest::WorkspaceState::starting) return;
    if (const auto steps = start_words(*now); !steps.isEmpty())
      link_->setText(tr("Starting the workspace: %1").arg(steps));
  });
}

/// Also of a stop that nobody here asked for: what can't be stored keeps the workspace, and that is told.
void ConnectionBar::refreshReason() {
  const auto& facts = workspace_->facts();
  const auto reason = QString::fromStdString(facts.reason);
  if (facts.state == protocol::rest::WorkspaceState::stopped && notice_->text() == stopping_words())
    notice_->hide();
  if (std::exchange(reason_, reason) == reason || reason.isEmpty()) return;
  if (facts.state != protocol::rest::WorkspaceState::running) return;
  stops_at_ = 0;  // or its countdown would write over the reason
  notice_->show(MessageBar::Kind::warning, reason, {}, true);
}

void ConnectionBar::refreshStorage() {
  const auto& now = workspace_->storage()->now();
  const bool waits = now && now->progress == protocol::StorageProgress::waiting;
  const auto problem = waits ? QString::fromStdString(now->problem) : QString();
  // Closed by hand it stays closed while the reason is the same.
  if (std::exchange(storage_problem_, problem) == problem) return;
  if (problem.isEmpty()) return storage_->hide();
  storage_->show(MessageBar::Kind::warning,
                 tr("Your last changes are in the workspace, but not stored as a version: %1").arg(problem),
                 {}, true);
}

void ConnectionBar::refreshImport() {
  const auto& now = workspace_->projectImport()->now();
  if (!now) return import_->hide();
  if (now->finished) {
    import_->show(MessageBar::Kind::error,
                  tr("%1 Try it in a terminal, or make a new workspace.")
                      .arg(sentence({ErrorCode::internal, now->problem.value_or("")})),
                  {{tr("Close"), [this] { workspace_->projectImport()->dismiss(); }}});
    return;
  }
  const auto text = QString::fromStdString(now->text);
  if (!import_->isVisible() || import_->property("kind") != QLatin1String("info")) {
    QList<MessageBar::Action> actions;
    if (workspace_->mayEdit()) actions.append({tr("Cancel"), [this] { refuseImport(); }});
    import_->show(MessageBar::Kind::info, text, actions);
  }
  import_->setText(text);
  import_->setProgress(now->percent);
}

/// Nothing of it lies in the project before all has come: without it the new workspace is nothing.
void ConnectionBar::refuseImport() {
  auto* box = new QMessageBox(QMessageBox::Question, tr("Cancel"), tr("Stop here and delete this workspace?"),
                              QMessageBox::NoButton, this);
  box->setObjectName(QStringLiteral("importQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(
      tr("What has come so far is dropped, and with it everything else in the new workspace."));
  auto* yes = box->addButton(tr("Delete Workspace"), QMessageBox::DestructiveRole);
  box->setDefaultButton(box->addButton(tr("Go On"), QMessageBox::RejectRole));
  connect(yes, &QPushButton::clicked, this, [this] { workspace_->remove(); });
  box->open();
}

void ConnectionBar::showNotice(const QString& text) {
  stops_at_ = 0;
  notice_->show(MessageBar::Kind::error, text, {}, true);
}

void ConnectionBar::warnIdle(const QString& text, qint64 seconds) {
  idle_text_ = text;
  stops_at_ = QDateTime::currentMSecsSinceEpoch() + seconds * 1000;
  notice_->show(MessageBar::Kind::warning, text, {{tr("Stay"), [this] {
                                                     stops_at_ = 0;
                                                     notice_->hide();
                                                     workspace_->stay();
                                                   }}});
  countDown();
  tick_.start();
}

void ConnectionBar::countDown() {
  const auto now = QDateTime::currentMSecsSinceEpoch();
  if (stops_at_ > 0) {
    const auto left = std::max<qint64>(0, (stops_at_ - now) / 1000);
    notice_->setText(
        tr("%1 (%2:%3 left)").arg(idle_text_).arg(left / 60).arg(left % 60, 2, 10, QLatin1Char('0')));
  }
  const auto* connection = workspace_->connection();
  const auto state = connection->state();
  if (state == client::LinkState::waiting && link_->isVisible()) {
    const auto left = std::max<qint64>(0, (connection->nextAttempt() - now + 999) / 1000);
    showLost(left > 0 ? tr("%1 Trying again in %2 s.").arg(connection->problem()).arg(left)
                      : tr("%1 Trying again…").arg(connection->problem()));
  } else if (state == client::LinkState::connecting && link_->isVisible() && !lost_.isEmpty()) {
    showLost(lost_);
  } else if (stops_at_ == 0) {
    tick_.stop();
  }
}

void ConnectionBar::showLost(const QString& what) {
  lost_ = what;
  link_->setText(what + QLatin1Char(' ') + whatBecomesOfTyping());
}

/// Where this machine can't keep what is typed in some file, that is said instead.
QString ConnectionBar::whatBecomesOfTyping() const {
  for (const auto* document : workspace_->documents()->all())
    if (!document->keepProblem().isEmpty()) return document->keepProblem();
  return tr("What you type is kept.");
}

void ConnectionBar::showStopped() {
  auto* connection = workspace_->connection();
  if (!workspace_->mayEdit()) {
    link_->show(MessageBar::Kind::warning,
                tr("%1 Who may edit this workspace can start it.").arg(connection->problem()),
                {{tr("Try Again"), [connection] { connection->retryNow(); }}});
    return;
  }
  link_->show(MessageBar::Kind::warning, connection->problem(), {{tr("Start"), [this] {
                                                                    starting_ = true;
                                                                    was_online_ = false;
                                                                    showStarting();
                                                                    workspace_->restart();
                                                                  }}});
}

void ConnectionBar::showEnded() {
  auto* connection = workspace_->connection();
  const MessageBar::Action retry{tr("Retry Now"), [connection] { connection->retryNow(); }};
  if (!workspace_->isGone()) return link_->show(MessageBar::Kind::error, connection->problem(), {retry});
  notice_->hide();  // whatever it says is over
  auto text = workspace_->facts().role == protocol::Role::owner
                  ? tr("This workspace does not exist any more.")
                  : tr("This workspace is not shared with you any more, or does not exist any more.");
  for (const auto* document : workspace_->documents()->all())
    if (document->isKeeping()) {
      text += QLatin1Char(' ') + tr("What you typed and it never got stays on this device.");
      break;
    }
  link_->show(MessageBar::Kind::error, text, {retry, {tr("Close Window"), [this] { Q_EMIT closeWanted(); }}});
}

void ConnectionBar::tellRole(protocol::Role before, protocol::Role now) {
  using protocol::Role;
  const auto text = now == Role::owner    ? tr("This workspace is yours now.")
                    : now == Role::viewer ? tr("You may only look at this workspace now.")
                    : before == Role::owner
                        ? tr("This workspace has another owner now. You may go on editing it.")
                        : tr("You may edit this workspace now.");
  stops_at_ = 0;
  notice_->show(now > before ? MessageBar::Kind::good : MessageBar::Kind::warning, text, {}, true);
}

void ConnectionBar::refreshLink() {
  auto* connection = workspace_->connection();
  const MessageBar::Action retry{tr("Retry Now"), [connection] { connection->retryNow(); }};
  switch (connection->state()) {
    case client::LinkState::idle:
      starting_ ? showStarting() : link_->hide();
      break;
    case client::LinkState::online:
      was_online_ = true;
      starting_ = false;
      lost_.clear();
      link_->hide();
      break;
    case client::LinkState::connecting:
      if (link_->isVisible() && was_online_) break;  // the bar of the wait before stays
      if (was_online_) {
        // A dial that hangs is a lost connection too.
        link_->show(MessageBar::Kind::warning, {});
        showLost(tr("The connection was lost. Trying again…"));
        tick_.start();
      } else {
        showStarting();
      }
      break;
    case client::LinkState::waiting:
      link_->show(MessageBar::Kind::warning, connection->problem(), {retry});
      tick_.start();
      countDown();
      break;
    case client::LinkState::stopped:
      starting_ = false;
      showStopped();
      break;
    case client::LinkState::ended:
      starting_ = false;
      showEnded();
      break;
  }
}

}  // namespace berth::desktop
