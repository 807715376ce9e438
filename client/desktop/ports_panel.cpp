// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/ports_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

PortsPanel::PortsPanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("Ports"), parent), workspace_(workspace), rows_(new QVBoxLayout), empty_(new QLabel) {
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
  refresh();
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
  };
  tool("internet-services", tr("Open the preview of port %1 in the browser").arg(port),
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
