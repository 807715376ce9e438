// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/settings_rows.hpp"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int control_width = 230;  // px

/// The wheel scrolls the page; it changes no number on its way.
class NumberBox : public QSpinBox {
 protected:
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

}  // namespace

SettingRow::SettingRow(const Setting& setting, QWidget* parent)
    : QWidget(parent), setting_(setting), reset_(new QPushButton(tr("Reset"))) {
  setObjectName(QStringLiteral("settingRow"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 9, 0, 9);
  row->setSpacing(18);
  auto* column = new QVBoxLayout;
  column->setSpacing(3);
  auto* title = new QLabel(setting_words(setting.title));
  title->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  title->setTextFormat(Qt::PlainText);
  auto* about = new QLabel(setting_words(setting.about));
  about->setProperty("role", QStringLiteral("muted"));
  about->setTextFormat(Qt::PlainText);
  about->setWordWrap(true);
  column->addWidget(title);
  column->addWidget(about);
  column->addStretch();
  row->addLayout(column, 1);
  makeControl();
  title->setBuddy(control());
  control()->setObjectName(QString::fromLatin1(setting.name));
  control()->setAccessibleName(setting_words(setting.title));
  control()->setAccessibleDescription(setting_words(setting.about));
  control()->setToolTip(QString::fromLatin1(setting.name));
  auto* side = new QVBoxLayout;
  side->setSpacing(2);
  auto* held = new QWidget;
  held->setFixedWidth(control_width);
  auto* line = new QHBoxLayout(held);
  line->setContentsMargins(0, 0, 0, 0);
  line->addWidget(control());
  if (number_ && *setting.unit) {
    auto* unit = new QLabel(setting_words(setting.unit));
    unit->setProperty("role", QStringLiteral("muted"));
    line->addWidget(unit);
  }
  if (!choice_) line->addStretch();
  side->addWidget(held);
  reset_->setProperty("link", true);
  reset_->setObjectName(QStringLiteral("resetSetting"));
  reset_->setAutoDefault(false);
  reset_->setAccessibleName(tr("As usual: %1").arg(setting_words(setting.title)));
  reset_->setCursor(Qt::PointingHandCursor);
  auto policy = reset_->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // rows stay where they are
  reset_->setSizePolicy(policy);
  connect(reset_, &QPushButton::clicked, this, [this] {
    control()->setFocus();  // the button goes
    reset_setting(setting_);
  });
  side->addWidget(reset_, 0, Qt::AlignLeft);
  row->addLayout(side);
  refresh();
}

void SettingRow::makeControl() {
  switch (setting_.kind) {
    case SettingKind::yes_or_no:
      check_ = new QCheckBox;
      connect(check_, &QCheckBox::toggled, this, [this](bool on) { choose_setting(setting_, on); });
      return;
    case SettingKind::number:
      number_ = new NumberBox;
      number_->setProperty("plain", true);
      number_->setButtonSymbols(QAbstractSpinBox::NoButtons);  // arrow keys do it
      number_->setRange(setting_.least, setting_.most);
      number_->setKeyboardTracking(false);  // what is half typed changes nothing
      number_->setGroupSeparatorShown(false);
      number_->setFocusPolicy(Qt::StrongFocus);
      number_->setMinimumWidth(110);
      connect(number_, &QSpinBox::valueChanged, this, [this](int value) { choose_setting(setting_, value); });
      return;
    case SettingKind::choice:
      choice_ = new ChoiceBox;
      for (const auto& one : setting_.choices)
        choice_->addItem(setting_words(one.label), QString::fromLatin1(one.value));
      choice_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
      connect(choice_, &QComboBox::activated, this,
              [this] { choose_setting(setting_, choice_->currentData()); });
      return;
  }
}

QWidget* SettingRow::control() const {
  if (check_) return check_;
  if (number_) return number_;
  return choice_;
}

void SettingRow::refresh() {
  const auto value = value_of(setting_);
  const QSignalBlocker blocker(control());
  if (check_) check_->setChecked(value.toBool());
  if (number_) number_->setValue(value.toInt());
  if (choice_) choice_->setCurrentIndex(std::max(0, choice_->findData(value)));
  reset_->setVisible(!is_usual(setting_));
}

bool SettingRow::has(const QString& looked_for) const {
  auto all = QStringLiteral("%1 %2 %3 %4")
                 .arg(setting_words(setting_.title), setting_words(setting_.about),
                      QLatin1String(setting_.name), setting_words(setting_.group));
  for (const auto& one : setting_.choices) all += u' ' + setting_words(one.label);
  for (const auto& word : looked_for.split(u' ', Qt::SkipEmptyParts))
    if (!all.contains(word, Qt::CaseInsensitive)) return false;
  return true;
}

SettingsRows::SettingsRows(QWidget* parent) : QScrollArea(parent), none_(new QLabel) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::NoFocus);
  setObjectName(QStringLiteral("settingsRows"));
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(4, 4, 14, 18);
  column->setSpacing(0);
  for (const auto group : {SettingGroup::window, SettingGroup::editor, SettingGroup::terminal}) {
    auto* heading = new QLabel(setting_words(group));
    heading->setProperty("role", QStringLiteral("heading"));
    heading->setContentsMargins(0, 14, 0, 4);
    column->addWidget(heading);
    headings_.emplace_back(group, heading);
    for (const auto& setting : settings_table()) {
      if (setting.group != group) continue;
      auto* row = new SettingRow(setting);
      column->addWidget(row);
      rows_.push_back(row);
    }
  }
  none_->setText(tr("No setting has such words."));
  none_->setProperty("role", QStringLiteral("muted"));
  none_->setObjectName(QStringLiteral("noSetting"));
  none_->hide();
  column->addWidget(none_);
  column->addStretch();
  setWidget(page);
  const auto refresh = [this] {
    for (auto* row : rows_) row->refresh();
  };
  connect(EditorChoices::instance(), &EditorChoices::changed, this, refresh);
}

void SettingsRows::find(const QString& words) {
  bool any = false;
  for (const auto& [group, heading] : headings_) {
    bool some = false;
    for (auto* row : rows_) {
      if (row->setting().group != group) continue;
      const bool fits = row->has(words);
      row->setVisible(fits);
      some = some || fits;
    }
    heading->setVisible(some);
    any = any || some;
  }
  none_->setVisible(!any);
}

void SettingsRows::showGroup(SettingGroup group) {
  for (const auto& [one, heading] : headings_)
    if (one == group) verticalScrollBar()->setValue(heading->y());
}

}  // namespace berth::desktop
