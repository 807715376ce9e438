// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/email_notice.hpp"

#include <QApplication>
#include <QPushButton>

#include "client/desktop/rest_error.hpp"

namespace berth::desktop {

EmailNotice::EmailNotice(client::ServerConnection* server, QWidget* parent)
    : MessageBar(parent), server_(server) {
  setProperty("about", QStringLiteral("email"));
  connect(this, &MessageBar::closed, this, [this] { closed_ = true; });
  // Who comes back from the mail's page sees what it did.
  connect(qApp, &QGuiApplication::applicationStateChanged, this, [this](Qt::ApplicationState state) {
    if (state != Qt::ApplicationActive || !isVisible()) return;
    server_->fetchAccount(this, [this](Result<client::rest::Account> account) {
      if (account && account->email_verified) hide();
    });
  });
}

void EmailNotice::look() {
  if (closed_ || !server_->account() || server_->account()->email_verified) return;
  server_->fetchServer(this, [this](Result<client::rest::ServerInfo> info) {
    if (!info || !info->sign_in.mail) return;
    // What was known is as old as the sign-in.
    server_->fetchAccount(this, [this](Result<client::rest::Account> account) {
      if (account && !account->email_verified && !closed_) refresh();
    });
  });
}

void EmailNotice::refresh() {
  show(Kind::info,
       tr("Your address %1 is not confirmed yet: open the link in the mail that was sent to it. Until then "
          "invitations to it do not reach you.")
           .arg(QString::fromStdString(server_->account()->email)),
       {{tr("Send Again"), [this] { sendAgain(); }}}, true);
}

void EmailNotice::sendAgain() {
  const auto email = server_->account() ? QString::fromStdString(server_->account()->email) : QString();
  for (auto* button : findChildren<QPushButton*>()) button->setEnabled(false);
  server_->sendVerification(this, [this, email](Result<client::rest::NoBody> answer) {
    if (answer) return show(Kind::good, tr("A mail is on its way to %1.").arg(email), {}, true);
    show(Kind::error, sentence(answer.error()), {{tr("Send Again"), [this] { sendAgain(); }}}, true);
  });
}

}  // namespace berth::desktop
