// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/snippets_dialog.hpp"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/snippet_library.hpp"

namespace berth::desktop {
namespace {

const QString& example() {
  static const auto text = QStringLiteral(
      "{\n"
      "  // What is typed for it, what comes instead ($1, $2 … are stops, $0 is the end), and what it is.\n"
      "  // \"Print\": {\n"
      "  //   \"prefix\": \"pr\",\n"
      "  //   \"body\": [\"print(${1:value})\", \"$0\"],\n"
      "  //   \"description\": \"Print a value\"\n"
      "  // }\n"
      "}\n");
  return text;
}

}  // namespace

SnippetsDialog::SnippetsDialog(const QString& id, QWidget* parent)
    : QDialog(parent), language_(new QComboBox), editor_(new CodeEditor), told_(new QLabel) {
  setObjectName(QStringLiteral("snippets"));
  setWindowTitle(tr("Snippets"));
  resize(720, 520);
  auto* layout = new QVBoxLayout(this);
  auto* row = new QHBoxLayout;
  auto* label = new QLabel(tr("&Language"));
  label->setBuddy(language_);
  row->addWidget(label);
  language_->setObjectName(QStringLiteral("snippetLanguage"));
  language_->setAccessibleName(tr("Language"));
  for (const auto& each : SnippetLibrary::ids())
    language_->addItem(each == u"global" ? tr("All languages") : each, each);
  row->addWidget(language_);
  row->addStretch();
  layout->addLayout(row);
  editor_->setFileName(QStringLiteral("snippets.json"));
  editor_->setAccessibleName(tr("Snippets as JSON"));
  layout->addWidget(editor_, 1);
  told_->setObjectName(QStringLiteral("snippetsTold"));
  told_->setTextFormat(Qt::PlainText);
  told_->setWordWrap(true);
  layout->addWidget(told_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  layout->addWidget(buttons);
  connect(buttons->button(QDialogButtonBox::Save), &QPushButton::clicked, this, [this] {
    if (save()) accept();
  });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(language_, &QComboBox::activated, this, [this] {
    const auto wanted = language_->currentData().toString();
    // What was written for the language before is kept, or its mistake is shown first.
    if (wanted == id_) return;
    if (save()) return begin(wanted);
    language_->setCurrentIndex(language_->findData(id_));
  });
  connect(SnippetLibrary::instance(), &SnippetLibrary::loaded, this, [this] { begin(id_); });
  begin(id);
}

void SnippetsDialog::begin(const QString& id) {
  id_ = id;
  language_->setCurrentIndex(std::max(0, language_->findData(id)));
  const auto own = SnippetLibrary::instance()->own(id);
  editor_->setReadOnly(!SnippetLibrary::instance()->isLoaded());  // their file is still being read
  shown_ = own.isEmpty() ? example() : own;
  editor_->load(shown_.toStdString());
  told_->setText(tr("They are offered while you type, in VS Code's form, and stay on this device."));
  editor_->setFocus();
}

bool SnippetsDialog::save() {
  const auto text = QString::fromStdString(editor_->text());
  if (text == shown_) return true;
  const auto problem = SnippetLibrary::instance()->setOwn(id_, text);
  told_->setText(problem);
  if (problem.isEmpty()) shown_ = text;
  return problem.isEmpty();
}

}  // namespace berth::desktop
