// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/connect_page.hpp"

#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "client/core/secret_store.hpp"
#include "client/core/server_address.hpp"
#include "client/desktop/rest_error.hpp"

namespace berth::desktop {
namespace {

/// What a server says of the second factor ("required", "wrong"); empty where that is not what it says.
std::string second_factor_of(const Error& error) {
  const auto found = error.data.find("second_factor");
  return error.code == ErrorCode::unauthenticated && found != error.data.end() ? found->second
                                                                               : std::string();
}

}  // namespace

void ConnectPage::goBack() {
  // Whatever was asked and not answered goes with the connection.
  const bool step = isStep() && server_;
  const auto origin = server_ ? server_->origin() : QUrl();
  restoring_ = false;
  browser_.reset();
  server_.reset();
  if (step) server_ = std::make_unique<client::ServerConnection>(origin, secrets_);
  setForm(step ? Form::sign_in : Form::address);
}

void ConnectPage::offer(const QString& address) {
  address_->setText(address);
  lookAt();
}

bool ConnectPage::resume(const QUrl& origin) {
  for (const auto& remembered : servers_->servers())
    if (!remembered.email.isEmpty() && (origin.isEmpty() || remembered.server == origin)) {
      restore(remembered);
      return true;
    }
  return false;
}

void ConnectPage::keepLink(const QString& link) {
  const auto where = client::shared_address(link);
  using Kind = client::SharedAddress::Kind;
  link_ = where && where->kind != Kind::server && where->kind != Kind::public_page ? link : QString();
}

QString ConnectPage::takeLink(const QUrl& origin) {
  const auto link = std::exchange(link_, {});
  const auto where = client::shared_address(link);
  return where && where->origin == origin ? link : QString();
}

void ConnectPage::lookAt() {
  const auto origin = client::server_origin(address_->text());
  if (!origin) return showProblem(sentence(origin.error()));
  // What is pasted here may be an invitation: it goes on after the sign-in.
  if (const auto where = client::shared_address(address_->text());
      where && where->kind != client::SharedAddress::Kind::server)
    keepLink(address_->text());
  token_ = client::setup_token(address_->text());
  browser_.reset();
  server_ = std::make_unique<client::ServerConnection>(*origin, secrets_);
  setBusy(true, tr("Connecting…"));
  showProblem({});
  server_->fetchServer(this, [this](Result<client::rest::ServerInfo> answer) {
    setBusy(false);
    submit_->setText(tr("Continue"));
    if (!answer) return showProblem(sentence(answer.error()));
    info_ = *answer;
    if (info_.setup_needed && token_.isEmpty() && !info_.registration_open)
      return showProblem(
          tr("This server has no administrator yet. Paste the set-up link that berthd printed when it first "
             "started."));
    setForm(info_.setup_needed && !token_.isEmpty() ? Form::set_up
            : info_.setup_needed                    ? Form::registering
                                                    : Form::sign_in);
  });
}

void ConnectPage::submit() {
  if (unreachable_ && form_ == Form::address && address_->text() == unreachable_->server.toString())
    return restore(*unreachable_);
  switch (form_) {
    case Form::address:
      return lookAt();
    case Form::browser:
      return openBrowser();
    case Form::forgotten:
      return askForMail();
    case Form::mail_sent:
      return setForm(Form::sign_in);
    case Form::second_factor:
      if (code_->text().trimmed().isEmpty()) return showProblem(tr("Type the code."));
      return send();
    default:
      break;
  }
  if (email_->text().trimmed().isEmpty() || password_->text().isEmpty())
    return showProblem(tr("Type your e-mail and password."));
  if (form_ != Form::sign_in && password_->text().toUtf8().size() < 10)
    return showProblem(tr("Choose a password of at least 10 characters."));
  send();
}

void ConnectPage::send() {
  const auto email = email_->text().trimmed().toStdString();
  const auto name = name_->text().trimmed().toStdString();
  const auto password = password_->text().toStdString();
  showProblem({});
  setBusy(true, tr("One moment…"));
  const auto done = [this](Result<client::rest::Account> answer) { finish(answer); };
  switch (form_) {
    case Form::registering:
      return server_->registerAccount({email, name, password}, this, done);
    case Form::set_up:
      return server_->setUp({token_.toStdString(), email, name, password}, this, done);
    case Form::second_factor:
      return server_->signIn({email, password, code_->text().simplified().remove(u' ').toStdString()}, this,
                             done);
    default:
      return server_->signIn({email, password, {}}, this, done);
  }
}

void ConnectPage::finish(const Result<client::rest::Account>& answer) {
  if (answer) return enter(*answer);
  const auto factor = second_factor_of(answer.error());
  // The answer to the second step may be that the first one is not good any more.
  const bool again =
      form_ == Form::second_factor && factor.empty() && answer.error().code == ErrorCode::unauthenticated;
  const auto typed = code_->text();
  setForm(factor == "required" ? Form::second_factor : again ? Form::sign_in : form_);
  if (factor == "required") return;
  if (form_ == Form::second_factor) {
    code_->setText(typed);
    code_->selectAll();
  }
  showProblem(factor == "wrong"
                  ? tr("That code is not right, or was used already. Wait until the app shows the next one.")
                  : sentence(answer.error()));
}

void ConnectPage::enter(const client::rest::Account& account) {
  servers_->remember({server_->origin(), QString::fromStdString(account.email)});
  address_->setText(server_->origin().toString());  // a set-up link is spent
  email_->setText(QString::fromStdString(account.email));
  if (browser_) browser_.release()->deleteLater();  // it may be what tells this
  auto* server = server_.release();
  setForm(Form::address);
  Q_EMIT signedIn(server);
}

void ConnectPage::signInByBrowser(const QString& provider) {
  browser_ = std::make_unique<client::BrowserSignIn>(server_.get());
  connect(browser_.get(), &client::BrowserSignIn::pageReady, this, [this] {
    setForm(Form::browser);
    openBrowser();
  });
  connect(browser_.get(), &client::BrowserSignIn::answered, this, [this] {
    setBusy(true, tr("Signing in…"));
    window()->raise();
    window()->activateWindow();
  });
  connect(browser_.get(), &client::BrowserSignIn::signedIn, this, &ConnectPage::enter);
  connect(browser_.get(), &client::BrowserSignIn::failed, this, [this](const Error& error) {
    if (browser_) browser_.release()->deleteLater();
    setForm(Form::sign_in);
    showProblem(sentence(error));
  });
  showProblem({});
  setBusy(true, tr("One moment…"));
  browser_->begin(provider);
}

void ConnectPage::openBrowser() {
  if (!browser_ || QDesktopServices::openUrl(browser_->page())) return;
  showProblem(tr("No browser could be opened. Copy the page's address into one on this machine."));
}

void ConnectPage::askForMail() {
  const auto email = email_->text().trimmed();
  if (email.isEmpty()) return showProblem(tr("Type your e-mail address."));
  showProblem({});
  setBusy(true, tr("One moment…"));
  server_->forgotPassword(email, this, [this](Result<client::rest::NoBody> answer) {
    setForm(answer ? Form::mail_sent : Form::forgotten);
    if (!answer) showProblem(sentence(answer.error()));
  });
}

void ConnectPage::restore(const client::RememberedServer& remembered) {
  if (reuse_ && reuse_(remembered)) return;
  unreachable_.reset();
  browser_.reset();
  server_ = std::make_unique<client::ServerConnection>(remembered.server, secrets_);
  restoring_ = true;
  setBusy(true, tr("Signing in…"));
  showProblem({});
  server_->restore(remembered.email, this, [this, remembered](Result<client::rest::Account> answer) {
    restoring_ = false;
    if (answer) return enter(*answer);
    setForm(Form::address);
    address_->setText(remembered.server.toString());
    email_->setText(remembered.email);
    if (answer.error().code == ErrorCode::unauthenticated) return lookAt();
    unreachable_ = remembered;
    submit_->setText(tr("Try Again"));
    showProblem(sentence(answer.error()));
    submit_->setFocus();
  });
}

}  // namespace berth::desktop
