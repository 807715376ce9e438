// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/connect_page.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/secret_store.hpp"
#include "client/core/server_address.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

ConnectPage::ConnectPage(client::SecretStore* secrets, client::RememberedServers* servers, QWidget* parent)
    : QWidget(parent), secrets_(secrets), servers_(servers) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  outer->addWidget(scroll);
  auto* inner = new QWidget;
  scroll->setWidget(inner);
  auto* center = new QVBoxLayout(inner);
  center->setContentsMargins(20, 24, 20, 24);
  center->setAlignment(Qt::AlignCenter);
  center->setSpacing(18);

  auto* logo = new QLabel;
  logo->setPixmap(Theme::logo().pixmap(76, 76));
  logo->setAlignment(Qt::AlignCenter);
  center->addWidget(logo);
  title_ = new QLabel;
  title_->setProperty("role", QStringLiteral("title"));
  title_->setAlignment(Qt::AlignCenter);
  title_->setTextFormat(Qt::PlainText);
  center->addWidget(title_);

  auto* card = new QFrame;
  card->setObjectName(QStringLiteral("card"));
  card->setFixedWidth(400);
  auto* layout = new QVBoxLayout(card);
  layout->setContentsMargins(26, 22, 26, 22);
  layout->setSpacing(12);
  hint_ = new QLabel;
  hint_->setWordWrap(true);
  hint_->setProperty("role", QStringLiteral("muted"));
  hint_->setTextFormat(Qt::PlainText);
  layout->addWidget(hint_);
  fields_ = new QVBoxLayout;
  fields_->setSpacing(4);
  layout->addLayout(fields_);
  address_ = addField(tr("Server"), QStringLiteral("address"));
  address_->setPlaceholderText(QStringLiteral("localhost:7070"));
  name_ = addField(tr("Your name"), QStringLiteral("name"));
  email_ = addField(tr("E-mail"), QStringLiteral("email"));
  password_ = addField(tr("Password"), QStringLiteral("password"));
  password_->setEchoMode(QLineEdit::Password);
  problem_ = new QLabel;
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setProperty("role", QStringLiteral("error"));
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  layout->addWidget(problem_);
  submit_ = new QPushButton;
  submit_->setProperty("primary", true);
  submit_->setDefault(true);
  submit_->setObjectName(QStringLiteral("submit"));
  layout->addWidget(submit_);
  auto* links = new QHBoxLayout;
  back_ = new QPushButton(tr("Another server"));
  switch_ = new QPushButton;
  switch_->setObjectName(QStringLiteral("switch"));
  back_->setObjectName(QStringLiteral("back"));
  for (auto* link : {back_, switch_}) {
    link->setProperty("link", true);
    link->setCursor(Qt::PointingHandCursor);
  }
  links->addWidget(back_);
  links->addStretch();
  links->addWidget(switch_);
  layout->addLayout(links);
  center->addWidget(card, 0, Qt::AlignHCenter);

  known_ = new QWidget;
  known_->setFixedWidth(400);
  known_rows_ = new QVBoxLayout(known_);
  known_rows_->setContentsMargins(0, 0, 0, 0);
  known_rows_->setSpacing(8);
  center->addWidget(known_, 0, Qt::AlignHCenter);
  secret_notice_ = new QLabel;
  secret_notice_->setFixedWidth(400);
  secret_notice_->setWordWrap(true);
  secret_notice_->setTextFormat(Qt::PlainText);
  secret_notice_->setProperty("role", QStringLiteral("muted"));
  center->addWidget(secret_notice_, 0, Qt::AlignHCenter);

  for (auto* field : {address_, name_, email_, password_})
    connect(field, &QLineEdit::returnPressed, submit_, &QPushButton::click);
  connect(address_, &QLineEdit::textEdited, this, [this] { submit_->setText(tr("Continue")); });
  connect(submit_, &QPushButton::clicked, this, &ConnectPage::submit);
  connect(back_, &QPushButton::clicked, this, [this] {
    server_.reset();  // and with it whatever was asked and not answered
    setForm(Form::address);
  });
  connect(switch_, &QPushButton::clicked, this,
          [this] { setForm(form_ == Form::sign_in ? Form::registering : Form::sign_in); });
  connect(servers_, &client::RememberedServers::changed, this, &ConnectPage::rebuildServers);
  const auto notice = [this] {
    secret_notice_->setVisible(secrets_->usesFile());
    secret_notice_->setText(
        tr("This system has no keychain: your sign-in is kept in %1, which only you can read.")
            .arg(secrets_->filePath()));
  };
  connect(secrets_, &client::SecretStore::fellBackToFile, this, notice);
  connect(secrets_, &client::SecretStore::failed, this, &ConnectPage::showProblem);
  notice();
  rebuildServers();
  setForm(Form::address);
}

QLineEdit* ConnectPage::addField(const QString& label, const QString& name) {
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 2, 0, 4);
  layout->setSpacing(4);
  auto* text = new QLabel(label);
  auto* field = new QLineEdit;
  field->setObjectName(name);
  text->setBuddy(field);
  layout->addWidget(text);
  layout->addWidget(field);
  fields_->addWidget(box);
  return field;
}

void ConnectPage::setForm(Form form) {
  form_ = form;
  setBusy(false);  // first: a disabled field takes no focus
  const bool first = form == Form::address;
  const auto host = server_ ? server_->origin().authority() : QString();
  address_->parentWidget()->setVisible(first);
  name_->parentWidget()->setVisible(form == Form::registering || form == Form::set_up);
  email_->parentWidget()->setVisible(!first);
  password_->parentWidget()->setVisible(!first);
  back_->setVisible(!first);
  switch_->setVisible(form == Form::registering || (form == Form::sign_in && info_.registration_open));
  switch_->setText(form == Form::sign_in ? tr("Create an account") : tr("I have an account"));
  known_->setVisible(first && !servers_->servers().isEmpty());
  password_->setPlaceholderText(form == Form::sign_in ? QString() : tr("At least 10 characters"));
  switch (form) {
    case Form::address:
      title_->setText(tr("Welcome to Berth"));
      hint_->setText(
          tr("The address of your server, or the set-up link that berthd printed on its first run."));
      submit_->setText(tr("Continue"));
      address_->setFocus();
      break;
    case Form::sign_in:
      title_->setText(tr("Sign in"));
      hint_->setText(tr("To %1").arg(host));
      submit_->setText(tr("Sign In"));
      email_->text().isEmpty() ? email_->setFocus() : password_->setFocus();
      break;
    case Form::registering:
      title_->setText(tr("Create an account"));
      hint_->setText(tr("On %1").arg(host));
      submit_->setText(tr("Create Account"));
      name_->setFocus();
      break;
    case Form::set_up:
      title_->setText(tr("Set up this server"));
      hint_->setText(tr("You will be the administrator of %1.").arg(host));
      submit_->setText(tr("Create Administrator"));
      name_->setFocus();
      break;
  }
  showProblem({});
}

void ConnectPage::showProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
}

void ConnectPage::setBusy(bool busy, const QString& text) {
  submit_->setEnabled(!busy);
  for (auto* field : {address_, name_, email_, password_}) field->setEnabled(!busy);
  known_->setEnabled(!busy);
  // A server that does not answer may take its time: nobody has to wait for it.
  back_->setText(busy ? tr("Cancel") : tr("Another server"));
  back_->setVisible(busy || form_ != Form::address);
  if (busy) submit_->setText(text);
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

void ConnectPage::lookAt() {
  const auto origin = client::server_origin(address_->text());
  if (!origin) return showProblem(sentence(origin.error()));
  token_ = client::setup_token(address_->text());
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
  if (form_ == Form::address) return lookAt();
  const auto email = email_->text().trimmed().toStdString();
  const auto name = name_->text().trimmed().toStdString();
  const auto password = password_->text().toStdString();
  if (email.empty() || password.empty()) return showProblem(tr("Type your e-mail and password."));
  if (form_ != Form::sign_in && password.size() < 10)
    return showProblem(tr("Choose a password of at least 10 characters."));
  showProblem({});
  setBusy(true, tr("One moment…"));
  const auto done = [this](Result<client::rest::Account> answer) { finish(answer); };
  if (form_ == Form::sign_in) {
    server_->signIn({email, password}, this, done);
  } else if (form_ == Form::registering) {
    server_->registerAccount({email, name, password}, this, done);
  } else {
    server_->setUp({token_.toStdString(), email, name, password}, this, done);
  }
}

void ConnectPage::finish(const Result<client::rest::Account>& answer) {
  const auto form = form_;
  if (!answer) {
    setForm(form);
    return showProblem(sentence(answer.error()));
  }
  servers_->remember({server_->origin(), QString::fromStdString(answer->email)});
  password_->clear();
  address_->setText(server_->origin().toString());  // a set-up link is spent
  auto* server = server_.release();
  setForm(Form::address);
  Q_EMIT signedIn(server);
}

void ConnectPage::restore(const client::RememberedServer& remembered) {
  unreachable_.reset();
  server_ = std::make_unique<client::ServerConnection>(remembered.server, secrets_);
  setBusy(true, tr("Signing in…"));
  showProblem({});
  server_->restore(remembered.email, this, [this, remembered](Result<client::rest::Account> answer) {
    if (answer) return finish(answer);
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

void ConnectPage::rebuildServers() {
  while (auto* item = known_rows_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  auto* label = new QLabel(tr("RECENT"));
  label->setProperty("role", QStringLiteral("panelTitle"));
  known_rows_->addWidget(label);
  for (const auto& remembered : servers_->servers()) {
    auto* row = new QFrame;
    row->setObjectName(QStringLiteral("serverRow"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(14, 8, 8, 8);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    auto* host = new QLabel(remembered.server.authority());
    host->setTextFormat(Qt::PlainText);
    host->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
    auto* who = new QLabel(remembered.email.isEmpty() ? tr("Signed out") : remembered.email);
    who->setTextFormat(Qt::PlainText);
    who->setProperty("role", QStringLiteral("muted"));
    texts->addWidget(host);
    texts->addWidget(who);
    layout->addLayout(texts, 1);
    auto* open = new QPushButton(remembered.email.isEmpty() ? tr("Sign In") : tr("Open"));
    connect(open, &QPushButton::clicked, this, [this, remembered] {
      if (!remembered.email.isEmpty()) return restore(remembered);
      offer(remembered.server.toString());
    });
    layout->addWidget(open);
    auto* forget = new QToolButton;
    forget->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
    forget->setToolTip(tr("Forget this server"));
    forget->setAccessibleName(tr("Forget %1").arg(remembered.server.authority()));
    connect(forget, &QToolButton::clicked, this, [this, remembered] {
      if (!remembered.email.isEmpty())
        secrets_->remove(client::ServerConnection::secretKey(remembered.server, remembered.email));
      servers_->forget(remembered);
    });
    layout->addWidget(forget);
    known_rows_->addWidget(row);
  }
  known_->setVisible(form_ == Form::address && !servers_->servers().isEmpty());
}

}  // namespace berth::desktop
