// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/join_dialog.hpp"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include "client/desktop/rest_error.hpp"

namespace berth::desktop {
namespace {

using SharedKind = client::SharedAddress::Kind;

constexpr int longest_link = 2'000;  // characters

}  // namespace

JoinDialog::JoinDialog(client::ServerConnection* server, const QString& link, QWidget* parent)
    : QDialog(parent),
      server_(server),
      link_(new QLineEdit),
      about_(new QLabel),
      go_(new QPushButton(tr("Join"))) {
  setObjectName(QStringLiteral("joinDialog"));
  setWindowTitle(tr("Join by Link"));
  resize(480, 0);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 20, 22, 18);
  column->setSpacing(10);
  auto* title = new QLabel(tr("Join by link"));
  title->setProperty("role", QStringLiteral("title"));
  column->addWidget(title);
  auto* label = new QLabel(tr("The link that you were sent"));
  label->setBuddy(link_);
  column->addWidget(label);
  link_->setObjectName(QStringLiteral("link"));
  link_->setMaxLength(longest_link);
  link_->setPlaceholderText(server->origin().toString() + QStringLiteral("/join?token=…"));
  column->addWidget(link_);
  about_->setObjectName(QStringLiteral("aboutLink"));
  about_->setWordWrap(true);
  about_->setTextFormat(Qt::PlainText);
  about_->setMinimumHeight(about_->fontMetrics().lineSpacing() * 2);
  about_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(about_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setAutoDefault(false);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  buttons->addWidget(cancel);
  go_->setObjectName(QStringLiteral("join"));
  go_->setProperty("primary", true);
  go_->setDefault(true);
  buttons->addWidget(go_);
  column->addLayout(buttons);
  connect(link_, &QLineEdit::textChanged, this, &JoinDialog::refresh);
  connect(go_, &QPushButton::clicked, this, &JoinDialog::go);
  auto text = link;
  // What was copied last is most likely what is to be pasted.
  if (const auto copied = QGuiApplication::clipboard()->text();
      text.isEmpty() && copied.size() < longest_link)
    if (const auto where = client::shared_address(copied); where && where->kind != SharedKind::server)
      text = copied;
  link_->setText(text.trimmed());
  link_->selectAll();
  refresh();
}

void JoinDialog::tell(const QString& text, bool problem) {
  about_->setText(text);
  about_->setProperty("role", problem ? QStringLiteral("error") : QStringLiteral("muted"));
  about_->style()->unpolish(about_);
  about_->style()->polish(about_);
}

void JoinDialog::refresh() {
  go_->setText(tr("Join"));
  go_->setEnabled(false);
  if (link_->text().trimmed().isEmpty()) return tell(tr("Paste it here."), false);
  const auto where = client::shared_address(link_->text());
  if (!where || where->kind == SharedKind::server)
    return tell(tr("That is no link to a workspace or team: those look like %1.")
                    .arg(server_->origin().toString() + QStringLiteral("/join?token=…")),
                true);
  go_->setEnabled(true);
  if (where->kind == SharedKind::public_page) {
    go_->setText(tr("Open in the Browser"));
    return tell(tr("A public page of %1.").arg(where->origin.authority()), false);
  }
  if (where->origin != server_->origin()) {
    go_->setText(tr("Sign In There"));
    return tell(
        tr("It is a link of another server, %1. Go on only if you know that server: you sign in to it.")
            .arg(where->origin.toString()),
        false);
  }
  if (where->kind == SharedKind::workspace) {
    go_->setText(tr("Open"));
    return tell(tr("A workspace of this server."), false);
  }
  tell(where->kind == SharedKind::join_team
           ? tr("An invitation to a team. Its members see your name and e-mail address.")
           : tr("An invitation to a workspace. The people in it see your name and e-mail address."),
       false);
}

template <class T>
client::Reply<T> JoinDialog::answering(void (JoinDialog::*done)(const T&)) {
  return [this, done](Result<T> answer) {
    link_->setEnabled(true);
    if (!answer) {
      go_->setEnabled(true);
      const bool spent = answer.error().code == ErrorCode::not_found;
      return tell(spent ? JoinDialog::tr(
                              "The link does not work any more: it was ended, used up, or its time is over.")
                        : sentence(answer.error()),
                  true);
    }
    Q_EMIT(this->*done)(*answer);
    accept();
  };
}

void JoinDialog::go() {
  const auto where = client::shared_address(link_->text());
  if (!where) return;
  if (where->kind == SharedKind::public_page) {
    QUrl page = where->origin;
    page.setPath(QStringLiteral("/public/") + where->value);
    if (QDesktopServices::openUrl(page)) return accept();
    return tell(tr("No browser could be opened."), true);
  }
  if (where->origin != server_->origin()) {
    Q_EMIT serverWanted(link_->text());
    return accept();
  }
  go_->setEnabled(false);
  link_->setEnabled(false);
  tell(tr("One moment…"), false);
  switch (where->kind) {
    case SharedKind::join:
      return server_->join(where->value, this, answering(&JoinDialog::joined));
    case SharedKind::join_team:
      return server_->joinTeam(where->value, this, answering(&JoinDialog::joinedTeam));
    default:
      return server_->fetchWorkspace(where->value, this, answering(&JoinDialog::joined));
  }
}

}  // namespace berth::desktop
