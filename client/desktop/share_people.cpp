// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/share_people.hpp"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/sharing.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int avatar_side = 30;  // px

/// One colour a person, whoever looks.
int colour_of(const QString& account) {
  unsigned sum = 0;
  for (const auto character : account) sum = sum * 31 + character.unicode();
  return static_cast<int>(sum % 12);
}

QLabel* line_label(const QString& text, const char* role = nullptr) {
  auto* label = new QLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setMinimumWidth(40);  // a long name is cut before its row grows out of the dialog
  if (role) label->setProperty("role", QLatin1String(role));
  return label;
}

/// Picture and two lines; what can be done goes behind them.
QHBoxLayout* fill_row(QFrame* row, const QPixmap& picture, const QString& first, const QString& second) {
  row->setObjectName(QStringLiteral("personRow"));
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(2, 7, 2, 7);
  layout->setSpacing(11);
  auto* icon = new QLabel;
  icon->setPixmap(picture);
  layout->addWidget(icon);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* name = line_label(first);
  name->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  texts->addWidget(name);
  if (!second.isEmpty()) texts->addWidget(line_label(second, "muted"));
  layout->addLayout(texts, 1);
  return layout;
}

}  // namespace

void ask_before(QWidget* parent, const QString& title, const QString& question, const QString& yes,
                std::function<void()> then) {
  auto* box = new QMessageBox(QMessageBox::Question, title, question, QMessageBox::Cancel, parent);
  box->setObjectName(QStringLiteral("askBefore"));
  box->setTextFormat(Qt::PlainText);
  box->setAttribute(Qt::WA_DeleteOnClose);
  auto* button = box->addButton(yes, QMessageBox::DestructiveRole);
  box->setDefaultButton(QMessageBox::Cancel);
  QObject::connect(button, &QPushButton::clicked, parent, std::move(then));
  box->open();
}

InviteForm::InviteForm(client::Sharing* sharing, QWidget* parent)
    : QWidget(parent),
      sharing_(sharing),
      email_(new QLineEdit),
      role_(new RoleChoice(protocol::Role::editor)),
      share_(new QPushButton(tr("Share"))),
      told_(line_label({}, "muted")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  email_->setObjectName(QStringLiteral("inviteEmail"));
  email_->setPlaceholderText(tr("E-mail address"));
  email_->setAccessibleName(tr("E-mail address of the person"));
  email_->setMaxLength(254);
  role_->setObjectName(QStringLiteral("inviteRole"));
  role_->setAccessibleName(tr("What the person may do"));
  share_->setObjectName(QStringLiteral("invite"));
  share_->setProperty("primary", true);
  share_->setDefault(true);
  row->addWidget(email_, 1);
  row->addWidget(role_);
  row->addWidget(share_);
  column->addLayout(row);
  told_->setObjectName(QStringLiteral("told"));
  told_->setWordWrap(true);
  column->addWidget(told_);
  const auto meaning = [this] { told_->setText(role_meaning(role_->role())); };
  meaning();
  connect(role_, &QComboBox::currentIndexChanged, this, meaning);
  connect(share_, &QPushButton::clicked, this, &InviteForm::submit);
  connect(sharing_, &client::Sharing::busyChanged, this, [this] { share_->setEnabled(!sharing_->isBusy()); });
  connect(sharing_, &client::Sharing::added, this, [this](const QString& email, bool member) {
    email_->clear();
    told_->setText(member ? tr("%1 is in it now.").arg(email)
                   : mail_
                       ? tr("%1 is invited, and told by mail.").arg(email)
                       : tr("%1 is invited: they are in as soon as they sign in here. This server sends no "
                            "mail, so tell them.")
                             .arg(email));
  });
}

void InviteForm::submit() {
  const auto email = email_->text().trimmed();
  email_->setFocus();  // the button is off until the answer
  if (email.isEmpty()) return;
  sharing_->add(email, role_->role());
}

SharePeople::SharePeople(client::Sharing* sharing, QWidget* parent)
    : QWidget(parent), sharing_(sharing), rows_(new QVBoxLayout(this)) {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(0);
  connect(sharing_, &client::Sharing::changed, this, &SharePeople::rebuild);
  connect(Theme::instance(), &Theme::changed, this, &SharePeople::rebuild);
}

void SharePeople::rebuild() {
  const auto* focused = focusWidget();
  const auto place = focused && focused->hasFocus() ? focused->objectName() : QString();
  while (auto* item = rows_->takeAt(0)) {
    for (auto* part : item->widget()->findChildren<QWidget*>()) part->setObjectName({});
    item->widget()->hide();
    item->widget()->deleteLater();  // a choice in it may be what led here
    delete item;
  }
  for (const auto& member : sharing_->members()) rows_->addWidget(makeMember(member));
  for (const auto& invitation : sharing_->invitations()) rows_->addWidget(makeInvitation(invitation));
  if (auto* same = place.isEmpty() ? nullptr : findChild<QWidget*>(place)) same->setFocus();
}

QWidget* SharePeople::makeMember(const protocol::rest::Member& member) {
  const auto account = QString::fromStdString(member.account);
  const auto email = QString::fromStdString(member.email);
  const auto name = member.name.empty() ? email : QString::fromStdString(member.name);
  auto* row = new QFrame;
  auto* layout =
      fill_row(row, avatar(name, colour_of(account), avatar_side, devicePixelRatioF()),
               sharing_->isSelf(member) ? tr("%1 (you)").arg(name) : name, name == email ? QString() : email);
  row->setAccessibleName(QStringLiteral("%1, %2").arg(name, role_words(member.role)));
  if (!sharing_->mayChange() || member.role == protocol::Role::owner) {
    layout->addWidget(line_label(role_words(member.role), "muted"));
    return row;
  }
  auto* role = new RoleChoice(member.role);
  role->setObjectName(QStringLiteral("role-") + account);
  role->setAccessibleName(tr("What %1 may do").arg(name));
  connect(role, &RoleChoice::chosen, this, [this, account, old = member.role](protocol::Role chosen) {
    if (chosen != old) sharing_->setRole(account, chosen);
  });
  layout->addWidget(role);
  layout->addWidget(makeMenu(member, name));
  return row;
}

QWidget* SharePeople::makeMenu(const protocol::rest::Member& member, const QString& name) {
  const auto account = QString::fromStdString(member.account);
  auto* more = new QToolButton;
  more->setObjectName(QStringLiteral("more-") + account);
  more->setIcon(Theme::icon(QStringLiteral("overflow-menu")));
  more->setToolTip(tr("More"));
  more->setAccessibleName(tr("More for %1").arg(name));
  more->setFocusPolicy(Qt::StrongFocus);
  more->setPopupMode(QToolButton::InstantPopup);
  more->setStyleSheet(QStringLiteral("QToolButton::menu-indicator{image:none}"));
  auto* menu = new QMenu(more);
  menu->addAction(Theme::icon(QStringLiteral("user-identity")), tr("Make Owner…"), this,
                  [this, account, name] {
                    ask_before(this, tr("Hand Over"),
                               tr("Make %1 the owner? You may go on editing, but only %1 can share, rename "
                                  "or delete it then. "
                                  "It counts as theirs. The workspace must be stopped.")
                                   .arg(name),
                               tr("Make Owner"), [this, account] { sharing_->transfer(account); });
                  })
      ->setObjectName(QStringLiteral("makeOwner"));
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("list-remove-user"), Theme::Tint::bad), tr("Take Out"), this,
                  [this, account] { sharing_->remove(account); })
      ->setObjectName(QStringLiteral("takeOut"));
  more->setMenu(menu);
  return more;
}

QWidget* SharePeople::makeInvitation(const protocol::rest::Invitation& invitation) {
  const auto id = QString::fromStdString(invitation.id);
  const auto email = QString::fromStdString(invitation.email);
  const auto until =
      QLocale().toString(QDateTime::fromMSecsSinceEpoch(invitation.expires).date(), QLocale::ShortFormat);
  auto* row = new QFrame;
  auto* layout =
      fill_row(row, avatar(QStringLiteral("@"), colour_of(id), avatar_side, devicePixelRatioF(), true), email,
               tr("Invited, until %1 · %2").arg(until, role_words(invitation.role)));
  row->setAccessibleName(email);
  if (!sharing_->mayChange()) return row;
  auto* withdraw = new QPushButton(tr("Withdraw"));
  withdraw->setObjectName(QStringLiteral("withdraw-") + id);
  withdraw->setAutoDefault(false);
  withdraw->setAccessibleName(tr("Withdraw the invitation of %1").arg(email));
  connect(withdraw, &QPushButton::clicked, this, [this, id] { sharing_->withdraw(id); });
  layout->addWidget(withdraw);
  return row;
}

}  // namespace berth::desktop
