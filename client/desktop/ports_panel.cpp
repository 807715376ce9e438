// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/ports_panel.hpp"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QPointer>
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
      forwarding_(workspace->ports(),
                  client::RememberedPorts(client::Workspace::unsentKey(*workspace->server(), workspace->id()),
                                          workspace->id()),
                  &PortsPanel::automatic,
                  [workspace] { return workspace->mayEdit() && workspace->connection()->online(); }),
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
  auto* any = addTool(QStringLiteral("list-add"), tr("Forward a port by its number…"));
  any->setObjectName(QStringLiteral("forwardAny"));
  connect(any, &QToolButton::clicked, this, &PortsPanel::forwardAny);
  auto* automatic_choice = addTool(QStringLiteral("overflow-menu"), tr("What becomes of new ports"));
  automatic_choice->setObjectName(QStringLiteral("automaticForward"));
  automatic_choice->setPopupMode(QToolButton::InstantPopup);
  automatic_choice->setStyleSheet(QStringLiteral("QToolButton::menu-indicator{image:none}"));
  auto* automatic_menu = new QMenu(automatic_choice);
  connect(automatic_menu, &QMenu::aboutToShow, this,
          [this, automatic_menu] { fillAutomaticMenu(automatic_menu); });
  automatic_choice->setMenu(automatic_menu);
  connect(workspace->ports(), &client::Ports::changed, this, &PortsPanel::refresh);
  connect(&forwarding_, &client::PortForwarding::changed, this, &PortsPanel::refresh);
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

QString PortsPanel::nameOf(quint16 port) const {
  if (const auto label = forwarding_.remembered().of(port).label; !label.isEmpty()) return label;
  const auto process = workspace_->ports()->process(port);
  return process.isEmpty() ? tr("unknown program") : process;
}

void PortsPanel::nameIt(quint16 port) {
  const QPointer<PortsPanel> self(this);
  bool given = false;
  const auto label =
      QInputDialog::getText(this, tr("Name of Port %1").arg(port), tr("Name (empty: its program's)"),
                            QLineEdit::Normal, forwarding_.remembered().of(port).label, &given);
  if (self && given) forwarding_.setLabel(port, label);
}

void PortsPanel::chooseLocal(quint16 port) {
  const QPointer<PortsPanel> self(this);
  bool given = false;
  const int local = QInputDialog::getInt(this, tr("Local Number of Port %1").arg(port),
                                         tr("Number on this machine (0: any)"),
                                         forwarding_.remembered().of(port).local, 0, 65'535, 1, &given);
  if (self && given) forwarding_.setLocal(port, static_cast<quint16>(local));
}

void PortsPanel::forwardAny() {
  const QPointer<PortsPanel> self(this);
  bool given = false;
  const int port = QInputDialog::getInt(this, tr("Forward a Port"), tr("Port in the workspace"), 3000, 1,
                                        65'535, 1, &given);
  if (self && given && !workspace_->ports()->localPort(static_cast<quint16>(port)))
    toggleForward(static_cast<quint16>(port));
}

void PortsPanel::fillPortMenu(QMenu* menu, quint16 port) {
  menu->clear();
  const auto local = workspace_->ports()->localPort(port);
  menu->addAction(Theme::icon(QStringLiteral("document-preview")), tr("Open the Preview in the Browser"),
                  this, [this, port] { Q_EMIT previewWanted(port); });
  if (local) {
    menu->addAction(Theme::icon(QStringLiteral("internet-services")), tr("Open localhost:%1").arg(local),
                    this, [local] { openLocal(local); });
    menu->addAction(
        Theme::icon(QStringLiteral("edit-copy")), tr("Copy localhost:%1").arg(local), this,
        [local] { QApplication::clipboard()->setText(QStringLiteral("localhost:%1").arg(local)); });
  }
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("edit-rename")), tr("Name…"), this,
                  [this, port] { nameIt(port); })
      ->setObjectName(QStringLiteral("namePort"));
  menu->addAction(tr("Local Number…"), this, [this, port] { chooseLocal(port); })
      ->setObjectName(QStringLiteral("localNumber"));
}

QToolButton* PortsPanel::addRowTool(QWidget* row, const char* icon, const QString& tip,
                                    std::function<void()> run) {
  auto* button = new QToolButton;
  button->setIcon(Theme::icon(QLatin1String(icon)));
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  if (run) connect(button, &QToolButton::clicked, this, std::move(run));
  row->layout()->addWidget(button);
  return button;
}

QWidget* PortsPanel::makeRow(quint16 port, const QString& process) {
  auto* row = new QWidget;
  row->setObjectName(QStringLiteral("port-%1").arg(port));
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(12, 3, 6, 3);
  layout->setSpacing(4);
  const auto local = workspace_->ports()->localPort(port);
  const auto remembered = forwarding_.remembered().of(port);
  auto* dot = new QLabel;
  dot->setPixmap(
      Theme::icon(QStringLiteral("network-connect"), local ? Theme::Tint::accent : Theme::Tint::muted)
          .pixmap(14, 14));
  layout->addWidget(dot);
  auto* lines = new QVBoxLayout;
  lines->setSpacing(0);
  auto* title = new QLabel(
      QStringLiteral("%1  %2").arg(port).arg(remembered.label.isEmpty() ? process : remembered.label));
  title->setTextFormat(Qt::PlainText);
  title->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  title->setMinimumWidth(10);
  title->setToolTip(client::plain_tip(process));
  lines->addWidget(title);
  if (local) {
    auto* where = new QLabel(tr("→ localhost:%1").arg(local));
    where->setProperty("role", QStringLiteral("muted"));
    where->setTextFormat(Qt::PlainText);
    where->setMinimumWidth(10);
    where->setToolTip(
        client::plain_tip(tr("%1, forwarded to localhost:%2 on this machine").arg(process).arg(local)));
    lines->addWidget(where);
  }
  layout->addLayout(lines, 1);
  const auto words = access_words();
  const auto& now = words.at(static_cast<std::size_t>(access_.of(port)));
  auto* who = addRowTool(row, now.icon, tr("%1. Who sees port %2…").arg(now.about).arg(port), {});
  who->setObjectName(QStringLiteral("access-of-%1").arg(port));
  // What anybody sees is to be noticed.
  if (now.access == Access::anybody) who->setIcon(Theme::icon(QLatin1String(now.icon), Theme::Tint::warning));
  who->setVisible(access_.isKnown());
  const auto with_menu = [this, port](QToolButton* button, auto fill) {
    button->setPopupMode(QToolButton::InstantPopup);
    button->setStyleSheet(
        QStringLiteral("QToolButton{padding-right:6px} QToolButton::menu-indicator{image:none}"));
    auto* menu = new QMenu(button);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, port, fill] { (this->*fill)(menu, port); });
    button->setMenu(menu);
  };
  with_menu(who, &PortsPanel::fillAccessMenu);
  if (local) {
    addRowTool(row, "internet-services", tr("Open localhost:%1 in the browser").arg(local),
               [local] { openLocal(local); });
    addRowTool(row, "network-disconnect", tr("Stop forwarding"), [this, port] { toggleForward(port); });
  } else {
    addRowTool(row, "document-preview", tr("Open the preview of port %1 in the browser").arg(port),
               [this, port] { Q_EMIT previewWanted(port); });
    addRowTool(row, "network-connect", tr("Forward to this machine"), [this, port] {
      toggleForward(port);
    })->setEnabled(workspace_->mayEdit());
  }
  auto* more = addRowTool(row, "overflow-menu", tr("More about port %1").arg(port), {});
  more->setObjectName(QStringLiteral("more-of-%1").arg(port));
  with_menu(more, &PortsPanel::fillPortMenu);
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
  auto* ports = workspace_->ports();
  for (const auto& port : ports->ports())
    rows_->addWidget(makeRow(
        port.port, port.process.empty() ? tr("unknown program") : QString::fromStdString(port.process)));
  // Those that wait for a program to listen again.
  for (const auto port : ports->forwarded())
    if (!ports->isListening(port)) rows_->addWidget(makeRow(port, tr("nothing listens")));
  empty_->setVisible(rows_->count() == 0);
}

void PortsPanel::toggleForward(quint16 port) {
  if (workspace_->ports()->localPort(port)) return forwarding_.stop(port);
  if (!workspace_->mayEdit())
    return Q_EMIT failed(tr("You may look at this workspace, not forward its ports."));
  if (!forwarding_.forward(port) && !forwarding_.remembered().of(port).local)
    Q_EMIT failed(tr("No local port could be opened for port %1.").arg(port));
}

}  // namespace berth::desktop
