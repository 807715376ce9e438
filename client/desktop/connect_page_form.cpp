// SPDX-License-Identifier: GPL-3.0-or-later
// How the connect page looks in each of its forms; what it does is in connect_page.cpp.
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "client/core/secret_store.hpp"
#include "client/core/this_machine.hpp"
#include "client/desktop/about_dialog.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/key_order.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/place_row.hpp"
#include "client/desktop/recent_list.hpp"
#include "client/desktop/server_list.hpp"
#include "client/desktop/settings_dialog.hpp"
#include "client/desktop/sign_in_ways.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int card_width = 400;  // px

}  // namespace

ConnectPage::ConnectPage(client::SecretStore* secrets, client::RememberedServers* servers, Places places,
                         QWidget* parent)
    : QWidget(parent), secrets_(secrets), servers_(servers), places_(places) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  bar_ = new MessageBar;
  outer->addWidget(bar_);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  outer->addWidget(scroll);
  auto* inner = new QWidget;
  scroll->setWidget(inner);
  // The column has its width from a row: asked for its height, it would take the window's width for its own.
  auto* across = new QHBoxLayout(inner);
  across->setContentsMargins(20, 24, 20, 24);
  across->setSpacing(0);
  auto* column = new QWidget;
  column->setFixedWidth(card_width);
  across->addStretch();
  across->addWidget(column);
  across->addStretch();
  auto* center = new QVBoxLayout(column);
  center->setContentsMargins(0, 0, 0, 0);
  center->setSpacing(18);
  center->addStretch();

  auto* logo = new QLabel;
  logo->setPixmap(Theme::logo().pixmap(76, 76));
  logo->setAlignment(Qt::AlignCenter);
  center->addWidget(logo);
  title_ = new QLabel;
  title_->setProperty("role", QStringLiteral("title"));
  title_->setAlignment(Qt::AlignCenter);
  title_->setTextFormat(Qt::PlainText);
  title_->setWordWrap(true);
  center->addWidget(title_);
  addPlaces(center);
  makeCard(center)->addLayout(makeLinks());
  if (recent_) center->addWidget(recent_, 0, Qt::AlignHCenter);

  known_ = new ServerList(servers_);
  known_->setFixedWidth(card_width);
  center->addWidget(known_, 0, Qt::AlignHCenter);
  secret_notice_ = new QLabel;
  secret_notice_->setFixedWidth(card_width);
  secret_notice_->setWordWrap(true);
  secret_notice_->setTextFormat(Qt::PlainText);
  secret_notice_->setProperty("role", QStringLiteral("muted"));
  center->addWidget(secret_notice_, 0, Qt::AlignHCenter);
  center->addLayout(makeFoot());
  center->addStretch();

  connect(known_, &ServerList::rebuilt, this, &ConnectPage::showKnown);
  connect(known_, &ServerList::openWanted, this, [this](const client::RememberedServer& remembered) {
    remembered.email.isEmpty() ? offer(remembered.server.toString()) : restore(remembered);
  });
  connect(known_, &ServerList::forgetWanted, this, [this](const client::RememberedServer& remembered) {
    if (!remembered.email.isEmpty())
      secrets_->remove(client::ServerConnection::secretKey(remembered.server, remembered.email));
    servers_->forget(remembered);
  });
  const auto notice = [this] {
    secret_notice_->setVisible(secrets_->usesFile());
    secret_notice_->setText(
        tr("This system has no keychain: your sign-in is kept in %1, which only you can read.")
            .arg(secrets_->filePath()));
  };
  connect(secrets_, &client::SecretStore::fellBackToFile, this, notice);
  connect(secrets_, &client::SecretStore::failed, this, &ConnectPage::showProblem);
  notice();
  setForm(Form::address);
}

ConnectPage::~ConnectPage() = default;

/// What needs no server.
QLayout* ConnectPage::makeFoot() {
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addStretch();
  const auto add = [&](const char* name, const QString& text, auto open) {
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    button->setProperty("flat", true);
    connect(button, &QPushButton::clicked, this, [this, open] { open(this); });
    row->addWidget(button);
  };
  add("startSettings", tr("Settings…"), &SettingsDialog::open);
  add("startAbout", tr("About Berth"), &AboutDialog::open);
  row->addStretch();
  return row;
}

void ConnectPage::addPlaces(QVBoxLayout* center) {
  if (places_.machine) {
    machine_ = new PlaceRow(Theme::icon(QStringLiteral("computer")), tr("This Machine"), tr("Open"));
    machine_->button()->setObjectName(QStringLiteral("thisMachine"));
    machine_->setFixedWidth(card_width);
    center->addWidget(machine_, 0, Qt::AlignHCenter);
    connect(machine_, &PlaceRow::openWanted, this, &ConnectPage::thisMachineWanted);
    connect(places_.machine, &client::ThisMachine::changed, this, &ConnectPage::showMachine);
    showMachine();
  }
  if (places_.recent) {
    recent_ = new RecentList(places_.recent);
    recent_->setObjectName(QStringLiteral("recentList"));
    recent_->setFixedWidth(card_width);
    connect(recent_, &RecentList::rebuilt, this, &ConnectPage::showKnown);
    connect(recent_, &RecentList::openWanted, this, &ConnectPage::recentWanted);
  }
}

void ConnectPage::showMachine() {
  using State = client::ThisMachine::State;
  const auto state = places_.machine->state();
  machine_->setAction(state == State::failed ? tr("Try Again") : tr("Open"), state != State::starting);
  switch (state) {
    case State::off:
      return machine_->setWords(tr("On this computer, without a server."));
    case State::ready:
      return machine_->setWords(tr("Ready"));
    case State::starting:
    case State::failed:
      return machine_->setWords(places_.machine->words(), state == State::failed);
  }
}

QVBoxLayout* ConnectPage::makeCard(QVBoxLayout* center) {
  auto* card = new QFrame;
  card->setObjectName(QStringLiteral("card"));
  card->setFixedWidth(card_width);
  auto* layout = new QVBoxLayout(card);
  layout->setContentsMargins(26, 22, 26, 22);
  layout->setSpacing(12);
  hint_ = new QLabel;
  hint_->setObjectName(QStringLiteral("hint"));
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
  code_ = addField(tr("Code"), QStringLiteral("code"));
  code_->setMaxLength(32);
  code_->setPlaceholderText(QStringLiteral("123456"));
  code_->setInputMethodHints(Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase | Qt::ImhSensitiveData);
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
  ways_ = new SignInWays;
  layout->addWidget(ways_);
  center->addWidget(card, 0, Qt::AlignHCenter);

  for (auto* field : {address_, name_, email_, password_, code_})
    connect(field, &QLineEdit::returnPressed, submit_, &QPushButton::click);
  connect(address_, &QLineEdit::textEdited, this, [this] { submit_->setText(tr("Continue")); });
  connect(submit_, &QPushButton::clicked, this, &ConnectPage::submit);
  connect(ways_, &SignInWays::chosen, this, &ConnectPage::signInByBrowser);
  return layout;
}

QHBoxLayout* ConnectPage::makeLinks() {
  auto* links = new QHBoxLayout;
  links->setSpacing(16);
  const auto link = [](const char* name) {
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(name));
    button->setProperty("link", true);
    button->setCursor(Qt::PointingHandCursor);
    return button;
  };
  back_ = link("back");
  forgot_ = link("forgot");
  forgot_->setText(tr("Forgot password?"));
  copy_ = link("copyPage");
  copy_->setText(tr("Copy Its Address"));
  switch_ = link("switch");
  links->addWidget(back_);
  links->addStretch();
  links->addWidget(forgot_);
  links->addWidget(copy_);
  links->addWidget(switch_);
  connect(back_, &QPushButton::clicked, this, &ConnectPage::goBack);
  connect(forgot_, &QPushButton::clicked, this, [this] { setForm(Form::forgotten); });
  connect(copy_, &QPushButton::clicked, this, [this] {
    if (!browser_) return;
    QGuiApplication::clipboard()->setText(browser_->page().toString(QUrl::FullyEncoded));
    copy_->setText(tr("Copied"));
  });
  connect(switch_, &QPushButton::clicked, this,
          [this] { setForm(form_ == Form::sign_in ? Form::registering : Form::sign_in); });
  return links;
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

bool ConnectPage::isStep() const {
  return form_ == Form::second_factor || form_ == Form::browser || form_ == Form::forgotten ||
         form_ == Form::mail_sent;
}

ConnectPage::Words ConnectPage::words(Form form) const {
  const auto host = server_ ? server_->origin().authority() : QString();
  switch (form) {
    case Form::address:
      return {tr("Welcome to Berth"),
              tr("The address of your server, or the set-up link that berthd printed on its first run."),
              tr("Continue")};
    case Form::sign_in:
      return {tr("Sign in"), tr("To %1").arg(host), tr("Sign In")};
    case Form::registering:
      return {tr("Create an account"), tr("On %1").arg(host), tr("Create Account")};
    case Form::set_up:
      return {tr("Set up this server"), tr("You will be the administrator of %1.").arg(host),
              tr("Create Administrator")};
    case Form::second_factor:
      return {
          tr("One more step"),
          tr("Type the six digits that your authenticator app shows, or one of your recovery codes. Each is "
             "good once."),
          tr("Sign In")};
    case Form::browser:
      return {
          tr("Go on in the browser"),
          tr("A page of %1 opens in your browser. Sign in there and let Berth in; this window then goes on "
             "by itself.")
              .arg(browser_ && !browser_->page().isEmpty() ? browser_->page().authority() : host),
          tr("Open the Page Again")};
    case Form::forgotten:
      return {tr("Forgot your password?"),
              tr("%1 sends a mail with a link to the address of your account. By the link you choose another "
                 "password in the browser.")
                  .arg(host),
              tr("Send the Mail")};
    case Form::mail_sent:
      return {tr("Look at your mail"),
              tr("Where %1 has an account here, a mail with a link is on its way. The link is good for 30 "
                 "minutes. Come back with the new password.")
                  .arg(email_->text().trimmed()),
              tr("Back to Sign In")};
  }
  return {};
}

void ConnectPage::setForm(Form form) {
  form_ = form;
  setBusy(false);  // first: a disabled field takes no focus
  const bool by_password = info_.sign_in.password;
  const bool making = form == Form::registering || form == Form::set_up;
  const bool signing_in = form == Form::sign_in;
  address_->parentWidget()->setVisible(form == Form::address);
  name_->parentWidget()->setVisible(making);
  email_->parentWidget()->setVisible(making || (signing_in && by_password) || form == Form::forgotten);
  password_->parentWidget()->setVisible(making || (signing_in && by_password));
  code_->parentWidget()->setVisible(form == Form::second_factor);
  code_->clear();
  submit_->setVisible(!signing_in || by_password);
  if (signing_in) {
    ways_->setOptions(info_.sign_in);
    order_keys_by_layout(this);
  }
  ways_->setVisible(signing_in);
  forgot_->setVisible(signing_in && by_password && info_.sign_in.mail);
  copy_->setVisible(form == Form::browser);
  copy_->setText(tr("Copy Its Address"));
  switch_->setVisible(form == Form::registering || (signing_in && by_password && info_.registration_open));
  switch_->setText(signing_in ? tr("Create an account") : tr("I have an account"));
  password_->setPlaceholderText(signing_in ? QString() : tr("At least 10 characters"));
  if (form == Form::address || form == Form::browser || form == Form::mail_sent) password_->clear();
  const auto text = words(form);
  title_->setText(text.title);
  hint_->setText(text.hint);
  submit_->setText(text.submit);
  showKnown();
  focusForm();
  showProblem({});
}

void ConnectPage::focusForm() {
  switch (form_) {
    case Form::address:
      return address_->setFocus();
    case Form::sign_in:
      if (!info_.sign_in.password) return ways_->setFocus();
      return email_->text().isEmpty() ? email_->setFocus() : password_->setFocus();
    case Form::registering:
    case Form::set_up:
      return name_->setFocus();
    case Form::second_factor:
      return code_->setFocus();
    case Form::forgotten:
      return email_->setFocus();
    case Form::browser:
    case Form::mail_sent:
      return submit_->setFocus();
  }
}

void ConnectPage::showKnown() {
  known_->setVisible(form_ == Form::address && !known_->isEmpty());
  if (machine_) machine_->setVisible(form_ == Form::address);
  if (recent_) recent_->setVisible(form_ == Form::address && !recent_->isEmpty());
}

void ConnectPage::showProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
}

void ConnectPage::setBusy(bool busy, const QString& text) {
  submit_->setEnabled(!busy);
  for (QWidget* widget : std::initializer_list<QWidget*>{address_, name_, email_, password_, code_, known_,
                                                         ways_, forgot_, copy_, switch_})
    widget->setEnabled(!busy);
  // A server that does not answer may take its time: nobody has to wait for it.
  back_->setText(busy || form_ == Form::browser ? tr("Cancel")
                 : isStep()                     ? tr("Back")
                                                : tr("Another server"));
  back_->setVisible(busy || (form_ != Form::address && form_ != Form::mail_sent));
  if (busy) submit_->setText(text);
}

}  // namespace berth::desktop
