// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/text_choices.hpp"

#include <QActionGroup>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>

#include "client/core/document.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/indentation.hpp"

namespace berth::desktop {
namespace {

constexpr protocol::Encoding encodings[] = {protocol::Encoding::utf8,    protocol::Encoding::utf8_bom,
                                            protocol::Encoding::utf16le, protocol::Encoding::utf16be,
                                            protocol::Encoding::latin1,  protocol::Encoding::windows1252};

QAction* add_choice(QMenu* menu, const QString& text, const QString& name, bool chosen, bool possible,
                    std::function<void()> run) {
  auto* action = menu->addAction(text, menu, std::move(run));
  action->setObjectName(name);
  action->setCheckable(true);
  action->setChecked(chosen);
  action->setEnabled(possible);
  return action;
}

/// Who may only look changes nothing of the file.
bool may_change(const client::Document* document) {
  return document->isLoaded() && document->readOnlyReason() != protocol::ReadOnlyReason::role;
}

}  // namespace

QString encoding_name(protocol::Encoding encoding) {
  switch (encoding) {
    case protocol::Encoding::utf8:
      return QStringLiteral("UTF-8");
    case protocol::Encoding::utf8_bom:
      return QStringLiteral("UTF-8 BOM");
    case protocol::Encoding::utf16le:
      return QStringLiteral("UTF-16 LE");
    case protocol::Encoding::utf16be:
      return QStringLiteral("UTF-16 BE");
    case protocol::Encoding::latin1:
      return QStringLiteral("Latin-1");
    case protocol::Encoding::windows1252:
      return QStringLiteral("Windows-1252");
    case protocol::Encoding::unknown:
      return LanguagePopup::tr("unknown encoding");
  }
  return {};
}

QString line_ending_name(protocol::LineEnding ending) {
  return ending == protocol::LineEnding::crlf    ? QStringLiteral("CRLF")
         : ending == protocol::LineEnding::mixed ? LanguagePopup::tr("mixed")
                                                 : QStringLiteral("LF");
}

void fill_encoding_menu(QMenu* menu, client::Document* document) {
  menu->clear();
  // Read anew, the text is what the file holds: what is not there yet has to come first.
  const bool readable = document->isLoaded() && !document->isOffline() && !document->hasUnsent();
  menu->addSection(LanguagePopup::tr("Read It As"));
  for (const auto encoding : encodings)
    add_choice(menu, encoding_name(encoding), QStringLiteral("read-%1").arg(encoding_name(encoding)),
               encoding == document->encoding(), readable,
               [document, encoding] { document->open(encoding); });
  menu->addSection(LanguagePopup::tr("Write It As"));
  for (const auto encoding : encodings)
    add_choice(menu, encoding_name(encoding), QStringLiteral("write-%1").arg(encoding_name(encoding)),
               encoding == document->encoding(), may_change(document) && !document->isOffline(),
               [document, encoding] { document->convert(encoding, {}); });
}

void fill_line_ending_menu(QMenu* menu, client::Document* document) {
  menu->clear();
  for (const auto ending : {protocol::LineEnding::lf, protocol::LineEnding::crlf})
    add_choice(menu,
               ending == protocol::LineEnding::lf ? LanguagePopup::tr("LF (Linux, macOS)")
                                                  : LanguagePopup::tr("CRLF (Windows)"),
               QStringLiteral("ending-%1").arg(line_ending_name(ending)), ending == document->lineEnding(),
               may_change(document) && !document->isOffline(),
               [document, ending] { document->convert({}, ending); });
}

void fill_indentation_menu(QMenu* menu, CodeEditor* editor) {
  menu->clear();
  auto* indentation = editor->findChild<Indentation*>();
  if (!indentation) return;
  const auto now = indentation->now();
  for (const bool tabs : {false, true}) {
    menu->addSection(tabs ? LanguagePopup::tr("Tabs") : LanguagePopup::tr("Spaces"));
    for (const int width : {2, 3, 4, 8})
      add_choice(
          menu, QString::number(width),
          QStringLiteral("%1-%2").arg(tabs ? QStringLiteral("tabs") : QStringLiteral("spaces")).arg(width),
          now == Indent{tabs, width}, true, [indentation, tabs, width] { indentation->use({tabs, width}); });
  }
  menu->addSeparator();
  menu->addAction(LanguagePopup::tr("Take It from the Text"), indentation, &Indentation::look);
}

LanguagePopup::LanguagePopup(CodeEditor* editor, QWidget* window)
    : ListPopup(window, tr("Language"), tr("Languages"), 460, 420), editor_(editor) {
  field()->setPlaceholderText(tr("Language of this text"));
  openWith();
}

void LanguagePopup::fill() {
  list()->clear();
  const auto wanted = typed().trimmed();
  if (wanted.isEmpty()) {
    auto* usual = new QListWidgetItem(tr("As its name says"), list());
    usual->setData(Qt::UserRole, QString());
  }
  QStringList begins;
  QStringList holds;
  for (const auto& name : EditorHighlighter::languages())
    if (name.startsWith(wanted, Qt::CaseInsensitive))
      begins.append(name);
    else if (name.contains(wanted, Qt::CaseInsensitive))
      holds.append(name);
  for (const auto& name : begins + holds) {
    auto* item = new QListWidgetItem(name, list());
    item->setData(Qt::UserRole, name);
    if (editor_ && editor_->language() == name) item->setData(DetailRole, tr("now"));
  }
  list()->setCurrentRow(0);
  fit(tr("No such language."));
}

void LanguagePopup::choose() {
  const auto* item = list()->currentItem();
  if (!item || !editor_) return;
  editor_->setLanguage(item->data(Qt::UserRole).toString());
  close();
}

}  // namespace berth::desktop
