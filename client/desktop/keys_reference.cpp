// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/keys_reference.hpp"

#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <array>
#include <memory>

#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

enum class KeySection { window, files, search, go, text, look, terminal, mouse };

constexpr std::array all_key_sections{KeySection::window,   KeySection::files, KeySection::search,
                                      KeySection::go,       KeySection::text,  KeySection::look,
                                      KeySection::terminal, KeySection::mouse};

QString title_of(KeySection section) {
  switch (section) {
    case KeySection::window:
      return KeysReference::tr("Window");
    case KeySection::files:
      return KeysReference::tr("Files and tabs");
    case KeySection::search:
      return KeysReference::tr("Finding");
    case KeySection::go:
      return KeysReference::tr("Going somewhere");
    case KeySection::text:
      return KeysReference::tr("Editing");
    case KeySection::look:
      return KeysReference::tr("How text is shown");
    case KeySection::terminal:
      return KeysReference::tr("Terminals and running");
    case KeySection::mouse:
      return KeysReference::tr("With the mouse");
  }
  return {};
}

/// By its name; what is new and unknown here stands with the window or the text.
KeySection section_of(const QString& id) {
  struct Rule {
    const char* part;
    KeySection section;
  };
  constexpr Rule rules[]{{"terminal", KeySection::terminal},
                         {"run", KeySection::terminal},
                         {"preview.open", KeySection::terminal},
                         {"ports", KeySection::terminal},
                         {"search.", KeySection::search},
                         {"replace_in_files", KeySection::search},
                         {"show_search", KeySection::search},
                         {"files.", KeySection::files},
                         {"quick_open", KeySection::files},
                         {"tab", KeySection::files},
                         {"show_files", KeySection::files},
                         {"save", KeySection::files},
                         {"history", KeySection::files},
                         {"copy_path", KeySection::files},
                         {"split_", KeySection::files},
                         {"group", KeySection::files},
                         {"go_to_line", KeySection::go},
                         {"symbols.", KeySection::go},
                         {"brackets.", KeySection::go},
                         {"bookmarks.", KeySection::go},
                         {"changes.", KeySection::go},
                         {"problems", KeySection::go},
                         {"fold.", KeySection::look},
                         {"font", KeySection::look},
                         {"wrap", KeySection::look},
                         {"whitespace", KeySection::look},
                         {"compare.", KeySection::look},
                         {"preview_", KeySection::look},
                         {"comment.", KeySection::text},
                         {"lines.", KeySection::text},
                         {"cursors.", KeySection::text},
                         {"text.", KeySection::text},
                         {"snippets.", KeySection::text},
                         {"editor.", KeySection::text},
                         {"words.", KeySection::text},
                         {"column", KeySection::text},
                         {"indent", KeySection::text}};
  for (const auto& rule : rules)
    if (id.contains(QLatin1String(rule.part)) &&
        (QLatin1String(rule.part) != QLatin1String("tab") || !id.startsWith(QLatin1String("toggle_tab"))))
      return rule.section;
  return KeySection::window;
}

struct KeyRow {
  QString title;
  QStringList keys;
};

/// What a mouse does with a key held; it is not for choice.
QList<KeyRow> mouse_rows() {
  return {{KeysReference::tr("Open a link"), {KeysReference::tr("Ctrl+click")}},
          {KeysReference::tr("One more cursor"), {KeysReference::tr("Alt+click")}},
          {KeysReference::tr("Select a column"), {KeysReference::tr("Alt+drag")}},
          {KeysReference::tr("Larger or smaller text"), {KeysReference::tr("Ctrl+wheel")}},
          {KeysReference::tr("Close a tab"), {KeysReference::tr("middle button")}},
          {KeysReference::tr("Copy files of the tree"), {KeysReference::tr("Ctrl+drag")}}};
}

bool row_fits(const KeyRow& row, const QString& looked_for) {
  const auto all = row.title + u' ' + row.keys.join(u' ');
  for (const auto& word : looked_for.split(u' ', Qt::SkipEmptyParts))
    if (!all.contains(word, Qt::CaseInsensitive)) return false;
  return true;
}

QString html_of(const QString& looked_for, const QString& key_ground, const QString& line) {
  QHash<KeySection, QList<KeyRow>> rows;
  auto* bindings = KeyBindings::instance();
  for (const auto& entry : bindings->entries()) {
    KeyRow row{entry.title, {}};
    for (const auto& key : bindings->keys(entry.id)) row.keys.append(key.toString(QKeySequence::NativeText));
    if (!row.keys.isEmpty() && row_fits(row, looked_for)) rows[section_of(entry.id)].append(row);
  }
  for (const auto& row : mouse_rows())
    if (row_fits(row, looked_for)) rows[KeySection::mouse].append(row);
  QString html;
  for (const auto section : all_key_sections) {
    if (rows.value(section).isEmpty()) continue;
    html += QStringLiteral("<h3>%1</h3><table width='100%' cellspacing='0' cellpadding='4'>")
                .arg(title_of(section).toHtmlEscaped());
    for (const auto& row : rows.value(section)) {
      QStringList keys;
      for (const auto& key : row.keys)
        keys.append(QStringLiteral("<span style='background-color:%2'>&nbsp;%1&nbsp;</span>")
                        .arg(key.toHtmlEscaped().replace(u' ', QLatin1String("&nbsp;")), key_ground));
      html += QStringLiteral(
                  "<tr><td style='border-bottom:1px solid %3'>%1</td>"
                  "<td align='right' style='border-bottom:1px solid %3'>%2</td></tr>")
                  .arg(row.title.toHtmlEscaped(), keys.join(QStringLiteral(" &nbsp;")), line);
    }
    html += QStringLiteral("</table>");
  }
  if (html.isEmpty())
    html = QStringLiteral("<p>%1</p>").arg(KeysReference::tr("No key is like that.").toHtmlEscaped());
  return html;
}

}  // namespace

KeysReference::KeysReference(QWidget* parent)
    : QDialog(parent), find_(new QLineEdit), page_(new QTextBrowser) {
  setObjectName(QStringLiteral("keysReference"));
  setWindowTitle(tr("All Keys"));
  resize(640, 700);
  know_editor_commands();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 18, 22, 18);
  column->setSpacing(10);
  auto* title = new QLabel(tr("All Keys"));
  title->setProperty("role", QStringLiteral("title"));
  column->addWidget(title);
  find_->setObjectName(QStringLiteral("findInKeys"));
  find_->setPlaceholderText(tr("Find a command or a key"));
  find_->setAccessibleName(find_->placeholderText());
  find_->setClearButtonEnabled(true);
  column->addWidget(find_);
  page_->setObjectName(QStringLiteral("keysPage"));
  page_->setAccessibleName(tr("All Keys"));
  page_->setOpenLinks(false);
  page_->setFrameShape(QFrame::NoFrame);
  page_->setTabChangesFocus(true);
  column->addWidget(page_, 1);
  auto* buttons = new QHBoxLayout;
  auto* change = new QPushButton(tr("Change Keys…"));
  change->setObjectName(QStringLiteral("changeKeys"));
  auto* print = new QPushButton(tr("Print…"));
  print->setObjectName(QStringLiteral("printKeys"));
  auto* done = new QPushButton(tr("Done"));
  buttons->addWidget(change);
  buttons->addWidget(print);
  buttons->addStretch();
  buttons->addWidget(done);
  for (auto* button : {change, print, done}) button->setAutoDefault(false);
  column->addLayout(buttons);
  connect(find_, &QLineEdit::textChanged, this, &KeysReference::refresh);
  connect(KeyBindings::instance(), &KeyBindings::changed, this, &KeysReference::refresh);
  if (Theme::instance()) connect(Theme::instance(), &Theme::changed, this, &KeysReference::refresh);
  connect(done, &QPushButton::clicked, this, &QDialog::close);
  connect(print, &QPushButton::clicked, this, &KeysReference::print);
  connect(change, &QPushButton::clicked, this, [this] {
    auto* dialog = new KeysDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
  });
  refresh();
  find_->setFocus();
}

void KeysReference::refresh() {
  const auto& colors = Theme::instance()->colors();
  page_->setHtml(html_of(find_->text(), colors.hover.name(), colors.border.name()));
}

void KeysReference::print() {
  const auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
  auto* dialog = new QPrintDialog(printer.get(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  // The connection holds the printer as long as there is the dialog.
  connect(dialog, qOverload<>(&QDialog::accepted), dialog, [printer] {
    QTextDocument page;
    page.setHtml(html_of({}, QStringLiteral("#eeeeee"), QStringLiteral("#cccccc")));  // paper is white
    page.print(printer.get());
  });
  dialog->open();
}

KeysReference* KeysReference::open(QWidget* parent) {
  static QPointer<KeysReference> shown;
  if (!shown) {
    shown = new KeysReference(parent);
    shown->setAttribute(Qt::WA_DeleteOnClose);
  }
  shown->show();
  shown->raise();
  shown->activateWindow();
  return shown;
}

}  // namespace berth::desktop
