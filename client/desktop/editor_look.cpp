// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_look.hpp"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QSettings>

#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr const char* wrap_key = "editor/word_wrap";
constexpr const char* whitespace_key = "editor/render_whitespace";
constexpr const char* editor_font_key = "editor/font_size";
constexpr int most_editor_font = 40;  // px

}  // namespace

EditorChoices* EditorChoices::instance() {
  static QPointer<EditorChoices> one;
  if (!one) {
    one = new EditorChoices;
    one->setParent(QCoreApplication::instance());
  }
  return one;
}

void EditorChoices::choose(const char* key, const QVariant& value) {
  RoamingSettings::choose(QLatin1String(key), value);
  Q_EMIT changed();
}

QVariant EditorChoices::value(const char* key, const QVariant& usual) {
  return QSettings().value(QLatin1String(key), usual);
}

int EditorChoices::fontSize(const char* key) {
  return std::clamp(value(key, Theme::usual_code_size).toInt(), 8, 40);
}

void EditorChoices::enlarge(const char* key, int by, int most) {
  const auto size = std::clamp(fontSize(key) + by, 8, most);
  if (size != fontSize(key)) choose(key, size);
}

bool EditorLook::whitespace() {
  return EditorChoices::value(whitespace_key, {}).toString() == QLatin1String("all");
}
int EditorLook::ruler() { return EditorChoices::value("editor/ruler", 0).toInt(); }
bool EditorLook::wraps() { return EditorChoices::value(wrap_key, {}).toString() == QLatin1String("on"); }
bool EditorLook::minimap() { return EditorChoices::value("editor/minimap", true).toBool(); }
bool EditorLook::stickyHeader() { return EditorChoices::value("editor/sticky_scroll", true).toBool(); }
bool EditorLook::completion() { return EditorChoices::value("editor/completion", true).toBool(); }
bool EditorLook::detectsIndentation() {
  return EditorChoices::value("editor/detect_indentation", true).toBool();
}

void EditorLook::turn(const char* key) {
  auto* choices = EditorChoices::instance();
  if (qstrcmp(key, wrap_key) == 0) return choices->choose(key, wraps() ? "off" : "on");
  if (qstrcmp(key, whitespace_key) != 0)
    return choices->choose(key, !EditorChoices::value(key, true).toBool());
  // Blanks at line ends or in selections alone are the web's: who had them shown so gets that back.
  const auto before_key = QStringLiteral("editor/whitespace_before");
  if (whitespace()) return choices->choose(key, QSettings().value(before_key, QStringLiteral("selection")));
  if (const auto now = EditorChoices::value(key, {}); now.isValid()) QSettings().setValue(before_key, now);
  choices->choose(key, QStringLiteral("all"));
}

EditorLook::EditorLook(CodeEditor* editor) : EditorFeature(editor) {
  offer("toggle_word_wrap", tr("Break Long Lines"), {"Alt+Z"}, false, [] { turn(wrap_key); });
  offer("look.whitespace", tr("Show Blanks"), {"Ctrl+Alt+W"}, false, [] { turn(whitespace_key); });
  // Ctrl with the wheel enlarges one view: it is meant for all of them.
  connect(
      editor, &QsciScintillaBase::SCN_ZOOM, this,
      [this] {
        const auto by = static_cast<int>(sci(Sci::SCI_GETZOOM));
        if (by == 0) return;
        sci(Sci::SCI_SETZOOM, 0);
        EditorChoices::instance()->enlarge(editor_font_key, by, most_editor_font);
      },
      Qt::QueuedConnection);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &EditorLook::apply);
  sci(Sci::SCI_SETWRAPVISUALFLAGS, Sci::SC_WRAPVISUALFLAG_END);
  sci(Sci::SCI_SETWRAPINDENTMODE, Sci::SC_WRAPINDENT_SAME);
  apply();
}

void EditorLook::apply() {
  editor()->setFontSize(EditorChoices::fontSize(editor_font_key));
  sci(Sci::SCI_SETVIEWWS,
      static_cast<std::uintptr_t>(whitespace() ? Sci::SCWS_VISIBLEALWAYS : Sci::SCWS_INVISIBLE));
  sci(Sci::SCI_SETWHITESPACESIZE, 2);
  sci(Sci::SCI_SETEDGEMODE, static_cast<std::uintptr_t>(ruler() > 0 ? Sci::EDGE_LINE : Sci::EDGE_NONE));
  sci(Sci::SCI_SETEDGECOLUMN, static_cast<std::uintptr_t>(std::max(0, ruler())));
  sci(Sci::SCI_SETWRAPMODE, static_cast<std::uintptr_t>(wraps() ? Sci::SC_WRAP_WORD : Sci::SC_WRAP_NONE));
}

void EditorLook::fillMenu(QMenu* menu) {
  const auto check = [menu](const QString& text, const char* key, bool (*now)()) {
    auto* action = menu->addAction(text, menu, [key] { turn(key); });
    action->setCheckable(true);
    action->setObjectName(QLatin1String(key));
    connect(menu, &QMenu::aboutToShow, action, [action, now] { action->setChecked(now()); });
  };
  check(tr("Map Beside the Text"), "editor/minimap", &EditorLook::minimap);
  check(tr("Headers Stay in View"), "editor/sticky_scroll", &EditorLook::stickyHeader);
  check(tr("Break Long Lines"), wrap_key, &EditorLook::wraps);
  check(tr("Show Blanks"), whitespace_key, &EditorLook::whitespace);
  check(tr("Offer Words While Typing"), "editor/completion", &EditorLook::completion);
  check(tr("Take Indentation from the Text"), "editor/detect_indentation", &EditorLook::detectsIndentation);
  auto* rulers = menu->addMenu(tr("Ruler"));
  auto* either = new QActionGroup(rulers);
  for (const int column : {0, 72, 80, 100, 120}) {
    auto* action = rulers->addAction(column == 0 ? tr("None") : tr("At column %1").arg(column), rulers,
                                     [column] { EditorChoices::instance()->choose("editor/ruler", column); });
    action->setCheckable(true);
    action->setObjectName(QStringLiteral("ruler-%1").arg(column));
    either->addAction(action);
    connect(rulers, &QMenu::aboutToShow, action, [action, column] { action->setChecked(ruler() == column); });
  }
}

}  // namespace berth::desktop
