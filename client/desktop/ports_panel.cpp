// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/ports_panel.hpp"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using Access = client::PortAccess::Access;

struct AccessWords {
  Access access;
  QString name;
  QString about;
  const char* icon;
};

std::vector<AccessWords> access_words() {
  return {{Access::private_to_editors, PortsPanel::tr("Private"),
           PortsPanel::tr("Only people who may edit this workspace see it"), "object-locked"},
          {Access::people, PortsPanel::tr("People in This Workspace"),
           PortsPanel::tr("Everybody whom the workspace is shared with sees it"), "system-users"},
          {Access::anybody, PortsPanel::tr("Public"),
           PortsPanel::tr("Anybody who knows the address sees it, without an account"), "internet-services"}};
}

}  // namespace

PortsPanel::PortsPanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("Ports"), parent),
      workspace_(workspace),
      access_(workspace->server(), workspace->id()),
      rows_(new QVBoxLayout),
      empty_(new QLabel) {
  empty_->setText(tr("Nothing listens yet. A web server that you start shows here."));
  empty_->setWordWrap(true);
  empty_->setProperty("role", QStringLiteral("muted"));
  empty_->setContentsMargins(12, 10, 12, 10);
  auto* inner = new QWidget;
  inner->setObjectName(QStringLiteral("panelBody"));
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 4, 0, 4);
  column->setSpacing(0);
  column->addWidget(empty_);
  column->addLayout(rows_);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  body()->addWidget(scroll);
  connect(workspace->ports(), &client::Ports::changed, this, &PortsPanel::refresh);
  // Who may see them is the server's to tell; it may have been changed elsewhere while there was no
  // connection.
  connect(workspace->connection(), &client::WorkspaceConnection::established, &access_,
          &client::PortAccess::load);
  connect(workspace->ports(), &client::Ports::opened, &access_, &client::PortAccess::load);
  connect(&access_, &client::PortAccess::changed, this, &PortsPanel::refresh);
  connect(&access_, &client::PortAccess::failed, this, [this](const Error& error) {
    if (access_.isKnown()) Q_EMIT failed(sentence(error));
  });
  connect(&access_, &client::PortAccess::linkMade, this, [this](quint16 port, const QString& url) {
    QApplication::clipboard()->setText(url);
    Q_EMIT told(tr("A link to port %1 was copied. Whoever has it sees the port until it ends.").arg(port));
  });
  refresh();
}

/// Its owner chooses; anybody else reads what is so.
void PortsPanel::fillAccessMenu(QMenu* menu, quint16 port) {
  menu->clear();
  menu->setToolTipsVisible(true);
  const bool owner = workspace_->isOwner();
  auto* group = new QActionGroup(menu);
  for (const auto& [access, name, about, icon] : access_words()) {
    auto* action = menu->addAction(Theme::icon(QLatin1String(icon)), name, &access_,
                                   [this, port, access] { access_.set(port, access); });
    action->setObjectName(QStringLiteral("access-%1").arg(static_cast<int>(access)));
    action->setCheckable(true);
    action->setChecked(access_.of(port) == access);
    action->setToolTip(owner ? about : tr("%1. Only the owner of the workspace changes it.").arg(about));
    action->setEnabled(owner);
    group->addAction(action);
  }
  menu->addSeparator();
  auto* links = menu->addMenu(Theme::icon(QStringLiteral("edit-copy")), tr("Copy a Link for Anybody"));
  links->setObjectName(QStringLiteral("portLinks"));
  links->setEnabled(owner);
  for (const int hours : {1, 8, 24})
    links
        ->addAction(tr("Works for %n hour(s)", nullptr, hours), &access_,
                    [this, port, hours] { access_.makeLink(port, hours); })
        ->setObjectName(QStringLiteral("link-%1").arg(hours));
}

QWidget* PortsPanel::makeRow(quint16 port, const QString& process) {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(12, 3, 6, 3);
  layout->setSpacing(6);
  const auto local = workspace_->ports()->localPort(port);
  auto* dot = new QLabel;
  dot->setPixmap(
      Theme::icon(QStringLiteral("network-connect"), local ? Theme::Tint::accent : Theme::Tint::muted)
          .pixmap(14, 14));
  layout->addWidget(dot);
  auto* number = new QLabel(QString::number(port));
  number->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  layout->addWidget(number);
  auto* name = new QLabel(local ? tr("→ :%1 here").arg(local) : process);
  name->setProperty("role", QStringLiteral("muted"));
  name->setTextFormat(Qt::PlainText);
  name->setMinimumWidth(10);
  name->setToolTip(client::plain_tip(
      local ? tr("%1, forwarded to localhost:%2 on this machine").arg(process).arg(local) : process));
  layout->addWidget(name, 1);
  const auto tool = [&](const char* icon, const QString& tip, auto run) {
    auto* button = new QToolButton;
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    connect(button, &QToolButton::clicked, this, run);
    layout->addWidget(button);
    return button;
  };
  const auto words = access_words();
  const auto& now = words.at(static_cast<std::size_t>(access_.of(port)));
  auto* who = tool(now.icon, tr("%1. Who sees port %2…").arg(now.about).arg(port), [] {});
  who->setObjectName(QStringLiteral("access-of-%1").arg(port));
  // What anybody sees is to be noticed.
  if (now.access == Access::anybody) who->setIcon(Theme::icon(QLatin1String(now.icon), Theme::Tint::warning));
  who->setVisible(access_.isKnown());
  who->setPopupMode(QToolButton::InstantPopup);
  who->setStyleSheet(
      QStringLiteral("QToolButton{padding-right:6px} QToolButton::menu-indicator{image:none}"));
  auto* menu = new QMenu(who);
  connect(menu, &QMenu::aboutToShow, this, [this, menu, port] { fillAccessMenu(menu, port); });
  who->setMenu(menu);
  tool("document-preview", tr("Open the preview of port %1 in the browser").arg(port),
       [this, port] { Q_EMIT previewWanted(port); });
  if (local) {
    tool("edit-copy", tr("Copy localhost:%1").arg(local),
         [local] { QApplication::clipboard()->setText(QStringLiteral("localhost:%1").arg(local)); });
    tool("network-disconnect", tr("Stop forwarding"), [this, port] { toggleForward(port); });
  } else {
    tool("network-connect", tr("Forward to this machine"), [this, port] { toggleForward(port); });
  }
  return row;
}

void PortsPanel::refresh() {
  while (auto* item = rows_->takeAt(0)) {
    // A menu that is open over it has its end first.
    item->widget()->setObjectName({});
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  for (const auto& port : workspace_->ports()->ports())
    rows_->addWidget(makeRow(
        port.port, port.process.empty() ? tr("unknown program") : QString::fromStdString(port.process)));
  empty_->setVisible(rows_->count() == 0);
}

void PortsPanel::toggleForward(quint16 port) {
  auto* ports = workspace_->ports();
  if (ports->localPort(port)) return ports->stopForward(port);
  if (!ports->forward(port)) Q_EMIT failed(tr("No local port could be opened for port %1.").arg(port));
}

}  // namespace berth::desktop
