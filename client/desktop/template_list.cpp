// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/template_list.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "client/desktop/template_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

namespace {

/// A team's templates are told apart from the server's by what their ids begin with.
const auto team_prefix = QStringLiteral("team:");

QLabel* section_title() {
  auto* label = new QLabel;
  label->setTextFormat(Qt::PlainText);
  label->setProperty("role", QStringLiteral("panelTitle"));
  label->hide();
  return label;
}

}  // namespace

TemplateList::TemplateList(QWidget* parent)
    : QWidget(parent),
      rows_(new QVBoxLayout),
      team_rows_(new QVBoxLayout),
      team_title_(section_title()),
      title_(section_title()) {
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 2, 0);
  column->setSpacing(8);
  title_->setText(tr("TEMPLATES OF THIS SERVER"));
  for (auto* rows : {team_rows_, rows_}) {
    column->addWidget(rows == rows_ ? title_ : team_title_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    column->addLayout(rows);
  }
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // its rows have the focus
  whole->addWidget(scroll);
}

QFrame* TemplateList::makeRow(const QString& id, const QString& icon, const QString& title,
                              const QString& about) {
  auto* row = new QFrame;
  row->setObjectName(QStringLiteral("templateRow"));
  row->setFocusPolicy(Qt::StrongFocus);
  row->setProperty("template", id);
  row->setAccessibleName(title);
  row->installEventFilter(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(14, 10, 14, 10);
  layout->setSpacing(12);
  auto* picture = new QLabel;
  picture->setPixmap(template_icon(icon).pixmap(30, 30));
  layout->addWidget(picture);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* name = new QLabel(title);
  name->setTextFormat(Qt::PlainText);
  name->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  texts->addWidget(name);
  if (!about.isEmpty()) {
    auto* description = new QLabel(about);
    description->setTextFormat(Qt::PlainText);
    description->setWordWrap(true);
    description->setProperty("role", QStringLiteral("muted"));
    texts->addWidget(description);
  }
  layout->addLayout(texts, 1);
  return row;
}

void TemplateList::orderKeys() {
  QWidget* before = nullptr;
  for (auto* row : rows()) {
    if (before) setTabOrder(before, row);
    before = row;
  }
}

void TemplateList::show(const std::vector<protocol::rest::Template>& templates) {
  for (const auto& item : templates) {
    const auto id = QString::fromStdString(item.id);
    rows_->addWidget(
        makeRow(id, id, QString::fromStdString(item.name), QString::fromStdString(item.description)));
  }
  orderKeys();
  if (!templates.empty() && chosen_.isEmpty()) choose(QString::fromStdString(templates.front().id));
}

void TemplateList::showTeam(const QString& team, const std::vector<protocol::rest::TeamTemplate>& templates) {
  while (auto* item = team_rows_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->setObjectName({});
    item->widget()->deleteLater();
    delete item;
  }
  of_team_ = templates;
  for (const auto& item : templates)
    team_rows_->addWidget(makeRow(team_prefix + QString::fromStdString(item.workspace),
                                  QString::fromStdString(item.template_id), QString::fromStdString(item.name),
                                  QString::fromStdString(item.description)));
  team_title_->setText(tr("TEMPLATES OF %1").arg(team.toUpper()));
  team_title_->setVisible(!templates.empty());
  title_->setVisible(!templates.empty());
  orderKeys();
  const bool gone = chosen_.startsWith(team_prefix) && !chosenOfTeam();
  if (!templates.empty())
    choose(team_prefix + QString::fromStdString(templates.front().workspace));
  else if (gone && rows_->count() > 0)
    choose(rows_->itemAt(0)->widget()->property("template").toString());
}

const protocol::rest::TeamTemplate* TemplateList::chosenOfTeam() const {
  for (const auto& item : of_team_)
    if (chosen_ == team_prefix + QString::fromStdString(item.workspace)) return &item;
  return nullptr;
}

QList<QFrame*> TemplateList::rows() const {
  QList<QFrame*> all;
  for (const auto* part : {team_rows_, rows_})
    for (int i = 0; i < part->count(); ++i) all.append(static_cast<QFrame*>(part->itemAt(i)->widget()));
  return all;
}

void TemplateList::choose(const QString& id) {
  chosen_ = id;
  for (auto* row : rows()) {
    row->setProperty("chosen", row->property("template").toString() == id);
    row->style()->unpolish(row);
    row->style()->polish(row);
  }
  Q_EMIT chosenChanged();
}

bool TemplateList::eventFilter(QObject* watched, QEvent* event) {
  const bool pressed = event->type() == QEvent::MouseButtonPress;
  const auto key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent*>(event)->key() : 0;
  if (pressed || key == Qt::Key_Space) {
    choose(watched->property("template").toString());
    return true;
  }
  if (key == Qt::Key_Down || key == Qt::Key_Up) {
    const auto all = rows();
    const auto at = all.indexOf(static_cast<QFrame*>(watched)) + (key == Qt::Key_Down ? 1 : -1);
    if (auto* row = all.value(at)) {
      row->setFocus();
      choose(row->property("template").toString());
    }
    return true;
  }
  if (event->type() == QEvent::MouseButtonDblClick) {
    Q_EMIT activated();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace berth::desktop
