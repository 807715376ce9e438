// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/start_window.hpp"

#include <QCloseEvent>
#include <QMessageBox>
#include <QSettings>
#include <QShortcut>

#include "client/core/remembered_servers.hpp"
#include "client/core/server_address.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/workspaces_page.hpp"

namespace berth::desktop {

StartWindow::StartWindow(client::SecretStore* secrets, client::RememberedServers* servers, Places places,
                         QWidget* parent)
    : QStackedWidget(parent), servers_(servers), connect_(new ConnectPage(secrets, servers, places)) {
  setObjectName(QStringLiteral("startWindow"));
  setWindowTitle(QStringLiteral("Berth"));
  setMinimumSize(460, 420);
  resize(860, 640);
  restoreGeometry(QSettings().value(QStringLiteral("start/geometry")).toByteArray());
  addWidget(connect_);
  connect(connect_, &ConnectPage::signedIn, this, [this](client::ServerConnection* server) {
    enter(std::shared_ptr<client::ServerConnection>(server));
  });
  connect(connect_, &ConnectPage::thisMachineWanted, this, &StartWindow::thisMachineWanted);
  connect(connect_, &ConnectPage::recentWanted, this, &StartWindow::recentWanted);
  connect(new QShortcut(QKeySequence::Quit, this), &QShortcut::activated, this, &StartWindow::quitWanted);
}

StartWindow::~StartWindow() {
  // The page's calls go through the connection: it goes first.
  qDeleteAll(findChildren<WorkspacesPage*>());
}

void StartWindow::enter(std::shared_ptr<client::ServerConnection> connection) {
  if (connection == server_ && workspaces_) return setCurrentWidget(workspaces_);
  drop();
  server_ = std::move(connection);
  auto* server = server_.get();
  workspaces_ = new WorkspacesPage(server);
  addWidget(workspaces_);
  setCurrentWidget(workspaces_);
  connect(workspaces_, &WorkspacesPage::openWanted, this, &StartWindow::openWanted);
  connect(workspaces_, &WorkspacesPage::signOutWanted, this, &StartWindow::signOutWanted);
  connect(server, &client::ServerConnection::signedOut, this,
          [this](const QString& why) { leave(why.isEmpty() ? tr("Sign in again.") : why); });
  connect(workspaces_, &WorkspacesPage::serverWanted, this, &StartWindow::follow);
  connect(workspaces_, &WorkspacesPage::serversWanted, this, &StartWindow::showServers);
  connect_->bar()->hide();
  showOffer();
  Q_EMIT entered();
  if (const auto link = connect_->takeLink(server->origin()); !link.isEmpty()) workspaces_->join(link);
}

void StartWindow::follow(const QString& link) {
  const auto origin = client::server_origin(link);
  if (!origin) return;
  showServers();
  connect_->keepLink(link);
  if (!connect_->resume(*origin)) connect_->offer(link);
}

void StartWindow::signOut() {
  const auto email = server_->account() ? QString::fromStdString(server_->account()->email) : QString();
  servers_->forget({server_->origin(), email});
  servers_->remember({server_->origin(), {}});
  const auto server = server_;
  server->disconnect(this);
  server->signOut();
  leave({});
}

void StartWindow::showRescued(const QString& why, const QStringList& files) {
  auto* box =
      new QMessageBox(QMessageBox::Warning, tr("Text Not Saved"),
                      why + QStringLiteral("\n\n") + files.join(QLatin1Char('\n')), QMessageBox::Ok, this);
  box->setObjectName(QStringLiteral("rescued"));
  box->setTextFormat(Qt::PlainText);
  box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

void StartWindow::offerAbandoned(const QStringList& names, const std::function<void()>& keep) {
  if (!workspaces_) return;
  auto* bar = workspaces_->bar();
  bar->setProperty("offline", false);  // nothing that goes with the next answer
  const auto shown =
      names.size() > 3
          ? tr("%1 and %2 more").arg(names.first(3).join(QStringLiteral(", "))).arg(names.size() - 3)
          : names.join(QStringLiteral(", "));
  bar->show(
      MessageBar::Kind::warning,
      tr("What you typed in %1 never reached its workspace, which does not exist any more. It is still on "
         "this device.")
          .arg(shown),
      {{tr("Keep as Files"),
        [bar, keep] {
          bar->hide();
          keep();
        }}},
      true);
}

void StartWindow::offer(const QString& text, const QString& action, const std::function<void()>& run) {
  offer_ = Offer{text, action, run};
  showOffer();
}

void StartWindow::forgetOffer() { offer_.reset(); }

void StartWindow::showOffer() {
  if (!offer_) return;
  auto* bar = workspaces_ ? workspaces_->bar() : connect_->bar();
  bar->setProperty("offline", false);  // nothing that goes with the next answer
  connect(bar, &MessageBar::closed, this, &StartWindow::forgetOffer, Qt::UniqueConnection);
  bar->show(MessageBar::Kind::warning, offer_->text,
            {{offer_->action,
              [this, bar] {
                bar->hide();
                if (const auto offered = std::exchange(offer_, {})) offered->run();
              }}},
            true);
}

void StartWindow::tell(const QString& problem) {
  if (!workspaces_) return connect_->showProblem(problem);
  workspaces_->bar()->setProperty("offline", false);
  workspaces_->bar()->show(MessageBar::Kind::error, problem, {}, true);
}

void StartWindow::tellKept(const QStringList& paths) {
  if (!workspaces_) return;
  workspaces_->bar()->setProperty("offline", false);
  workspaces_->bar()->show(
      MessageBar::Kind::info,
      tr("The last changes to %1 are kept on this device; they are sent when the workspace is opened again.")
          .arg(paths.join(QStringLiteral(", "))),
      {}, true);
}

void StartWindow::showServers() {
  drop();
  setCurrentWidget(connect_);
  connect_->showProblem({});
}

void StartWindow::leave(const QString& why) {
  const auto server = server_;
  Q_EMIT left(server);
  drop();
  setCurrentWidget(connect_);
  connect_->showProblem(why);
  show();
}

/// The page goes; whoever else holds the connection goes on with it.
void StartWindow::drop() {
  if (workspaces_) {
    workspaces_->hide();
    workspaces_->deleteLater();
    workspaces_ = nullptr;
  }
  // Calls of this connection may be on the stack, and a sign-out still on its way.
  if (auto* server = server_.get()) {
    server->disconnect(this);
    QTimer::singleShot(5'000, this, [kept = server_] {});
    server_.reset();
  }
}

void StartWindow::closeEvent(QCloseEvent* event) {
  QSettings().setValue(QStringLiteral("start/geometry"), saveGeometry());
  event->accept();
}

}  // namespace berth::desktop
