// SPDX-License-Identifier: GPL-3.0-or-later
// PortsPanel: what is forwarded by itself, and how the person hears of it.
#include <QActionGroup>
#include <QDesktopServices>
#include <QMenu>
#include <QPointer>
#include <QSettings>
#include <QTimer>
#include <QUrl>
#include <array>

#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

using Automatic = client::PortForwarding::Automatic;

constexpr std::array<const char*, 3> automatic_names{"off", "ask", "on"};  // as Automatic

QString automatic_key() { return QStringLiteral("ports/auto_forward"); }

}  // namespace

Automatic PortsPanel::automatic() {
  const auto word = QSettings().value(automatic_key()).toString();
  for (std::size_t i = 0; i < automatic_names.size(); ++i)
    if (word == QLatin1String(automatic_names.at(i))) return static_cast<Automatic>(i);
  return Automatic::ask;
}

void PortsPanel::chooseAutomatic(Automatic automatic) {
  RoamingSettings::choose(automatic_key(),
                          QString::fromLatin1(automatic_names.at(static_cast<std::size_t>(automatic))));
}

void PortsPanel::fillAutomaticMenu(QMenu* menu) {
  menu->clear();
  auto* group = new QActionGroup(menu);
  const auto add = [&](Automatic choice, const QString& text) {
    auto* action = menu->addAction(text, this, [choice] { chooseAutomatic(choice); });
    action->setObjectName(QStringLiteral("automatic-") +
                          QLatin1String(automatic_names.at(static_cast<std::size_t>(choice))));
    action->setCheckable(true);
    action->setChecked(automatic() == choice);
    group->addAction(action);
  };
  add(Automatic::on, tr("Forward New Ports by Itself"));
  add(Automatic::ask, tr("Ask When a Port Begins to Listen"));
  add(Automatic::off, tr("Forward Only What I Choose"));
}

void PortsPanel::openLocal(quint16 local) {
  QDesktopServices::openUrl(QUrl(QStringLiteral("http://localhost:%1/").arg(local)));
}

void PortsPanel::showNoticesIn(MessageBar* bar) {
  const QPointer<MessageBar> notices(bar);
  connect(&forwarding_, &client::PortForwarding::forwarded, bar, [this, bar](quint16 port, quint16 local) {
    bar->show(MessageBar::Kind::good,
              tr("Port %1 (%2) is localhost:%3 here.").arg(port).arg(nameOf(port)).arg(local),
              {{tr("Open in the Browser"),
                [bar, local] {
                  bar->hide();
                  openLocal(local);
                }},
               {tr("Stop Forwarding"),
                [this, bar, port] {
                  bar->hide();
                  forwarding_.stop(port);
                }}},
              true);
  });
  connect(&forwarding_, &client::PortForwarding::offered, bar, [this, notices](quint16 port) {
    // What else is to be said of it comes first: the program that was run has its preview.
    QTimer::singleShot(0, this, [this, notices, port] {
      if (!notices || notices->isVisible() || !workspace_->ports()->isListening(port)) return;
      const auto forward = [this, notices, port](bool always) {
        notices->hide();
        if (always) chooseAutomatic(Automatic::on);
        if (!workspace_->ports()->localPort(port)) toggleForward(port);
      };
      notices->show(MessageBar::Kind::info, tr("Port %1 (%2) listens.").arg(port).arg(nameOf(port)),
                    {{tr("Forward to This Machine"), [forward] { forward(false); }},
                     {tr("Always Forward"), [forward] { forward(true); }},
                     {tr("Don't Ask"),
                      [notices] {
                        notices->hide();
                        chooseAutomatic(Automatic::off);
                      }}},
                    true);
    });
  });
  connect(&forwarding_, &client::PortForwarding::taken, this, [this](quint16 port, quint16 local) {
    Q_EMIT failed(
        tr("Port %1 is to be localhost:%2 here, but another program has that number.").arg(port).arg(local));
  });
}

void PortsPanel::addCommands(WindowKeys* keys) {
  keys->add(
      "ports.forward", [this] { forwardAny(); },
      [this] {
        return workspace_->mayEdit() ? QString()
                                     : tr("You may look at this workspace, not forward its ports.");
      });
}

}  // namespace berth::desktop
