// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/paste_question.hpp"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype longest_shown = 20'000;  // UTF-16 units

QString paste_warning_key() { return QStringLiteral("terminal/paste_warning"); }

}  // namespace

bool PasteQuestion::isWanted() { return QSettings().value(paste_warning_key(), true).toBool(); }

void PasteQuestion::setWanted(bool wanted) { RoamingSettings::choose(paste_warning_key(), wanted); }

QString one_line(const QString& text) {
  QStringList parts;
  for (const auto& line : text.split(u'\n'))
    if (const auto part = line.trimmed(); !part.isEmpty()) parts.append(part);
  return parts.join(u' ');
}

PasteQuestion::PasteQuestion(const QString& text, bool runs, QWidget* parent)
    : QDialog(parent), never_(new QCheckBox(tr("Don't ask again"))) {
  setObjectName(QStringLiteral("pasteQuestion"));
  setWindowTitle(tr("Paste into the Terminal"));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  const auto lines = static_cast<int>(text.trimmed().count(u'\n')) + 1;
  auto* question = new QLabel(lines > 1 ? tr("Paste %n lines?", nullptr, lines)
                                        : tr("Paste %n characters?", nullptr, static_cast<int>(text.size())));
  question->setFont(Theme::instance()->uiFont(1.1, QFont::DemiBold));
  column->addWidget(question);
  if (runs && lines > 1) {
    auto* why = new QLabel(
        tr("The program in this terminal takes each line as if you had typed it and pressed Enter."));
    why->setWordWrap(true);
    why->setProperty("role", QStringLiteral("muted"));
    column->addWidget(why);
  }
  auto* shown = new QPlainTextEdit;
  shown->setObjectName(QStringLiteral("pastedText"));
  shown->setAccessibleName(tr("What would be pasted"));
  shown->setReadOnly(true);
  shown->setTabChangesFocus(true);
  shown->setLineWrapMode(QPlainTextEdit::NoWrap);
  shown->setFont(Theme::instance()->codeFont());
  shown->setPlainText(text.size() > longest_shown ? text.left(longest_shown) + QStringLiteral("\n…") : text);
  column->addWidget(shown, 1);
  column->addWidget(never_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  auto* paste = buttons->addButton(tr("Paste"), QDialogButtonBox::AcceptRole);
  paste->setObjectName(QStringLiteral("paste"));
  paste->setDefault(true);
  connect(paste, &QPushButton::clicked, this, [this] { decide(Answer::paste); });
  if (lines > 1) {
    auto* joined = buttons->addButton(tr("Paste as One Line"), QDialogButtonBox::ActionRole);
    joined->setObjectName(QStringLiteral("pasteAsOneLine"));
    connect(joined, &QPushButton::clicked, this, [this] { decide(Answer::one_line); });
  }
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  column->addWidget(buttons);
  resize(560, 340);
  paste->setFocus();
}

void PasteQuestion::decide(Answer answer) {
  answer_ = answer;
  if (never_->isChecked()) setWanted(false);
  accept();
}

}  // namespace berth::desktop
