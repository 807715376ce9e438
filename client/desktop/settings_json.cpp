// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/settings_json.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <chrono>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/settings_text.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using JsonSci = QsciScintillaBase;
using namespace std::chrono_literals;

constexpr int wrong_indicator = 9;  // Scintilla's number
constexpr auto look_after = 250ms;  // of the last key

}  // namespace

SettingsJson::SettingsJson(QWidget* parent)
    : QWidget(parent),
      editor_(new CodeEditor),
      told_(new QLabel),
      use_(new QPushButton(tr("Use These Settings"))),
      back_(new QPushButton(tr("Undo Changes"))) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(10);
  editor_->setFileName(QStringLiteral("settings.json"));
  editor_->setObjectName(QStringLiteral("settingsText"));
  editor_->setAccessibleName(tr("Settings as JSON"));
  editor_->SendScintilla(JsonSci::SCI_INDICSETSTYLE, wrong_indicator, JsonSci::INDIC_SQUIGGLE);
  editor_->SendScintilla(JsonSci::SCI_AUTOCSETSEPARATOR, '\n');
  editor_->SendScintilla(JsonSci::SCI_AUTOCSETAUTOHIDE, 1);
  editor_->SendScintilla(JsonSci::SCI_AUTOCSETDROPRESTOFWORD, 0);
  editor_->installEventFilter(this);
  column->addWidget(editor_, 1);
  told_->setObjectName(QStringLiteral("settingsTold"));
  told_->setTextFormat(Qt::PlainText);
  told_->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(told_, 1);
  for (auto* button : {back_, use_}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  back_->setObjectName(QStringLiteral("undoSettings"));
  use_->setObjectName(QStringLiteral("useSettings"));
  use_->setProperty("primary", true);
  column->addLayout(row);
  due_.setSingleShot(true);
  connect(&due_, &QTimer::timeout, this, &SettingsJson::look);
  connect(editor_, &CodeEditor::edited, this, [this] {
    typed_ = true;
    use_->setEnabled(true);
    back_->setEnabled(true);
    due_.start(look_after);
  });
  connect(
      editor_, &QsciScintillaBase::SCN_CHARADDED, this,
      [this](int character) {
        if (character > ' ' && character != '}' && character != ',') offer();
      },
      Qt::QueuedConnection);  // once the text is as it will be
  connect(editor_, &CodeEditor::saveWanted, this, &SettingsJson::take);
  connect(use_, &QPushButton::clicked, this, &SettingsJson::take);
  connect(back_, &QPushButton::clicked, this, [this] {
    typed_ = false;
    refresh();
  });
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &SettingsJson::refresh);
  connect(KeyBindings::instance(), &KeyBindings::changed, this, &SettingsJson::refresh);
  refresh();
}

void SettingsJson::refresh() {
  if (typed_) return;
  if (const auto now = settings_text().toStdString(); now != editor_->text()) editor_->load(now);
  use_->setEnabled(false);
  back_->setEnabled(false);
  look();
}

void SettingsJson::look() {
  due_.stop();
  const auto text = QString::fromStdString(editor_->text());
  const auto problem = problem_in_settings(text);
  editor_->SendScintilla(JsonSci::SCI_SETINDICATORCURRENT, wrong_indicator);
  editor_->SendScintilla(JsonSci::SCI_INDICATORCLEARRANGE, 0ul,
                         editor_->SendScintilla(JsonSci::SCI_GETLENGTH));
  editor_->SendScintilla(JsonSci::SCI_INDICSETFORE, wrong_indicator, rgb(Theme::instance()->colors().bad));
  told_->setProperty("role", problem ? QStringLiteral("error") : QStringLiteral("muted"));
  told_->style()->polish(told_);
  told_->setText(problem ? problem->message
                 : typed_
                     ? tr("Ctrl+S uses them.")
                     : tr("What stands here was chosen otherwise than usual; Ctrl+Space offers names and "
                          "values."));
  if (!problem || problem->length == 0) return;
  const auto begin = editor_->byteAt(problem->begin);
  const auto end = editor_->byteAt(problem->begin + problem->length);
  editor_->SendScintilla(JsonSci::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin), end - begin);
}

bool SettingsJson::take() {
  editor_->flushEdits();
  const auto problem = take_settings_text(QString::fromStdString(editor_->text()));
  if (problem) {
    look();
    editor_->goTo(problem->begin);
    editor_->setFocus();
    return false;
  }
  typed_ = false;
  refresh();
  told_->setText(tr("These settings are used now."));
  return true;
}

void SettingsJson::offer() {
  const auto at = editor_->SendScintilla(JsonSci::SCI_GETCURRENTPOS);
  const auto bytes = editor_->text();
  const auto before = QString::fromStdString(bytes.substr(0, static_cast<std::size_t>(at)));
  const auto offered = offer_in_settings(QString::fromStdString(bytes), static_cast<int>(before.size()));
  if (offered.words.isEmpty()) {
    editor_->SendScintilla(JsonSci::SCI_AUTOCCANCEL);
    return;
  }
  auto words = offered.words;
  words.sort();
  const auto list = words.join(u'\n').toUtf8();
  // What is typed are ASCII letters: as many bytes.
  editor_->SendScintilla(JsonSci::SCI_AUTOCSHOW, static_cast<unsigned long>(offered.typed), list.constData());
}

bool SettingsJson::eventFilter(QObject* watched, QEvent* event) {
  if (watched == editor_ &&
      (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool ctrl = key->modifiers() == Qt::ControlModifier;
    const bool pressed = event->type() == QEvent::KeyPress;
    if (ctrl && (key->key() == Qt::Key_S || key->key() == Qt::Key_Space)) {
      event->accept();
      if (pressed && key->key() == Qt::Key_S) take();
      if (pressed && key->key() == Qt::Key_Space) offer();
      return true;
    }
    const bool listed = editor_->SendScintilla(JsonSci::SCI_AUTOCACTIVE) != 0;
    if (key->key() == Qt::Key_Escape && listed) {
      event->accept();
      if (pressed) editor_->SendScintilla(JsonSci::SCI_AUTOCCANCEL);
      return true;
    }
    // Tab leads on through the window, unless it takes an offered word.
    if (pressed && !listed && (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab)) {
      focusNextPrevChild(key->key() == Qt::Key_Tab);
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace berth::desktop
