// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/command_palette.hpp"

#include <QAction>
#include <QCollator>
#include <QListWidget>
#include <QMenu>
#include <QSettings>
#include <algorithm>

#include "client/core/fuzzy_match.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_used = 20;
constexpr int bonus_of_used = 6;  // of its score, for the one used last; less for those before

QString used_key() { return QStringLiteral("commands/used"); }

QString keys_text(const QList<QKeySequence>& keys) {
  return keys.isEmpty() ? QString() : keys.first().toString(QKeySequence::NativeText);
}

/// As it reads without its shortcut letter and dots.
QString title_of_action(const QAction* action) {
  auto text = action->text().section(u'\t', 0, 0);
  text.remove(QRegularExpression(QStringLiteral("&(?!&)")));
  return text.replace(QLatin1String("&&"), QLatin1String("&"));
}

void add_of_editor(std::vector<PaletteCommand>& commands, EditorTab* tab, const WindowKeys* window_keys) {
  auto* bindings = KeyBindings::instance();
  auto* editor = tab ? tab->editor() : nullptr;
  if (!editor) {
    // What the text would have.
    know_editor_commands();
    for (const auto& entry : bindings->entries())
      if (!window_keys->action(entry.id))
        commands.push_back({entry.id,
                            entry.title,
                            keys_text(bindings->keys(entry.id)),
                            QCoreApplication::translate("CommandPalette", "No text is open."),
                            {}});
    return;
  }
  const QPointer<CodeEditor> here(editor);
  for (const auto& command : EditorCommands::of(editor)->all()) {
    QString refusal;
    if (tab->isPaged())
      refusal = QCoreApplication::translate("CommandPalette", "This file is shown in pages.");
    else
      refusal = EditorCommands::of(editor)->refusal(command.id);
    commands.push_back({command.id, command.title, keys_text(command.keys), refusal, [here, id = command.id] {
                          if (!here) return;
                          here->setFocus();
                          EditorCommands::of(here)->run(id);
                        }});
  }
}

}  // namespace

std::vector<PaletteCommand> palette_commands(WindowKeys* keys, EditorTab* tab, QWidget* window) {
  std::vector<PaletteCommand> commands;
  QSet<const QAction*> known;
  const auto add = [&](QAction* action, const QString& refusal) {
    known.insert(action);
    const QPointer<QAction> here(action);
    commands.push_back(
        {action->objectName(), title_of_action(action), keys_text(action->shortcuts()), refusal, [here] {
           if (here) here->trigger();
         }});
  };
  const auto of_window = keys->actions();
  for (auto* action : of_window)
    if (action->objectName() != QLatin1String("show_commands"))
      add(action, keys->refusal(action->objectName()));
    else
      known.insert(action);
  add_of_editor(commands, tab, keys);
  const auto others = window->findChildren<QAction*>();
  for (auto* action : others) {
    if (known.contains(action) || action->objectName().isEmpty() || action->text().isEmpty() ||
        action->isSeparator() || action->menu() || !action->isVisible() ||
        action->objectName().startsWith(QLatin1String("_q_")))
      continue;
    if (std::ranges::contains(commands, action->objectName(), &PaletteCommand::id)) continue;
    auto refusal = action->isEnabled() ? QString() : action->property("refusal").toString();
    if (!action->isEnabled() && refusal.isEmpty())
      refusal = QCoreApplication::translate("CommandPalette", "Not possible now.");
    add(action, refusal);
  }
  QCollator collator;
  collator.setCaseSensitivity(Qt::CaseInsensitive);
  std::ranges::stable_sort(commands, [&](const PaletteCommand& a, const PaletteCommand& b) {
    return collator.compare(a.title, b.title) < 0;
  });
  return commands;
}

CommandPalette::CommandPalette(std::vector<PaletteCommand> commands, QWidget* window)
    : ListPopup(window, tr("Name of a command"), tr("Commands"), 640, 460), commands_(std::move(commands)) {
  openWith();
}

QStringList CommandPalette::used() { return QSettings().value(used_key()).toStringList(); }

void CommandPalette::fill() {
  const auto before = used();
  struct Row {
    int rank;
    std::size_t command;
    QList<int> at;
  };
  std::vector<Row> rows;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    const auto match = client::fuzzy_match(typed(), commands_[i].title);
    if (!match) continue;
    const auto place = static_cast<int>(before.indexOf(commands_[i].id));
    // With nothing typed the used ones come first, as they were; else a word's letters count more.
    const int bonus = place < 0           ? 0
                      : typed().isEmpty() ? static_cast<int>(most_used) - place
                                          : std::max(1, bonus_of_used - place);
    // A short title is meant rather than a long one that has the same letters.
    rows.push_back(
        {(match->score + bonus) * 100 - (typed().isEmpty() ? 0 : static_cast<int>(commands_[i].title.size())),
         i, match->at});
  }
  std::ranges::stable_sort(rows, std::ranges::greater{}, &Row::rank);
  list()->clear();
  for (const auto& row : rows) {
    const auto& command = commands_[row.command];
    auto* item = new QListWidgetItem(command.title, list());
    item->setData(Qt::UserRole, static_cast<qulonglong>(row.command));
    item->setData(MatchRole, QVariant::fromValue(row.at));
    item->setData(KeysRole, command.keys);
    item->setData(DetailRole, command.refusal);
    item->setData(RefusedRole, !command.refusal.isEmpty());
    item->setData(Qt::AccessibleTextRole,
                  QStringList{command.title, command.keys, command.refusal}.join(QStringLiteral(" ")));
  }
  list()->setCurrentRow(0);
  list()->scrollToTop();
  fit(tr("No command has such a name."));
}

void CommandPalette::choose() {
  const auto* item = list()->currentItem();
  if (!item) return;
  const auto command = commands_.at(item->data(Qt::UserRole).toULongLong());
  if (!command.refusal.isEmpty()) return;  // the row says why
  auto ids = used();
  ids.removeAll(command.id);
  ids.prepend(command.id);
  QSettings().setValue(used_key(), ids.first(std::min(most_used, ids.size())));
  close();
  // After the popup is gone: what it opens gets the keys.
  QMetaObject::invokeMethod(qApp, command.run, Qt::QueuedConnection);
}

}  // namespace berth::desktop
