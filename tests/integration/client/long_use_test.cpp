// SPDX-License-Identifier: GPL-3.0-or-later
// A window used for long: files opened, typed into and closed, the tree filtered, versions compared, themes
// changed. What it leaves behind is counted: widgets, objects and, in the long form, memory.
#include <malloc.h>

#include <array>

#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/comparison_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/theme.hpp"
#include "screens.hpp"
#include "tests/soak.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

constexpr int patience_of_use = 60'000;  // ms
constexpr int warm_up = 6;               // rounds in which caches fill
constexpr qint64 most_growth = 12'000;   // KiB of PSS, from a third of a long run to its end
constexpr int measured_from = 200;       // rounds: shorter runs say nothing of memory

qint64 own_memory() {  // KiB, PSS
  ::malloc_trim(0);
  QFile file(QStringLiteral("/proc/self/smaps_rollup"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  for (const auto& line : file.readAll().split('\n'))
    if (line.startsWith("Pss:")) return line.mid(4).trimmed().split(' ').first().toLongLong();
  return 0;
}

class DesktopLongUse : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signIn(connection);
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(loaded());
  }
  bool loaded() {
    return wait_for(
        [this] {
          auto* tab = window->editors()->current();
          return tab && tab->document()->isLoaded();
        },
        patience_of_use);
  }
  /// What is deleted later is deleted.
  static void settle() {
    wait_for([] { return false; }, 30);
  }
  int widgets() const { return static_cast<int>(window->findChildren<QWidget*>().size()); }
  int objects() const { return static_cast<int>(window->findChildren<QObject*>().size()); }

  void editFile(Soak& luck) {
    constexpr std::array names{"project/README.md", "project/main.py", "project/tides.json"};
    auto* tab = window->editors()->openFile(QString::fromLatin1(names[luck.below(3)]));
    ASSERT_TRUE(loaded());
    for (std::size_t key = luck.below(30); key > 0; --key)
      QTest::keyClick(tab->editor(), luck.one_in(3) ? Qt::Key_Backspace : Qt::Key_X);
    tab->findBar()->open(false);
    tab->findBar()->hide();
    tab->editor()->goToLine(static_cast<int>(1 + luck.below(20)));
    ASSERT_TRUE(wait_for([&] { return !tab->document()->hasUnsent(); }, patience_of_use));
  }
  void filterTree(Soak& luck) {
    window->files()->find();
    window->files()->filterField()->setText(luck.one_in(2) ? QStringLiteral("e") : QStringLiteral("sk"));
    settle();
    window->files()->closeFilter();
  }
  void lookAtHistory() {
    auto* history = window->showHistory(QStringLiteral("project/main.py"));
    ASSERT_TRUE(wait_for([&] { return history->changedFiles()->count() > 0; }, patience_of_use));
    history->changedFiles()->setCurrentRow(0);
    history->close();
  }
  void changeTheme() {
    auto* theme = desktop::Theme::instance();
    theme->choose(theme->isDark() ? desktop::ThemeChoice::light : desktop::ThemeChoice::dark);
  }
  void act(Soak& luck) {
    switch (luck.below(5)) {
      case 0:
      case 1:
        return editFile(luck);
      case 2:
        return filterTree(luck);
      case 3:
        return lookAtHistory();
      default:
        return changeTheme();
    }
  }
  /// The same state again: one file, nothing typed into the filter.
  void comeToRest() {
    for (auto* tab : window->editors()->tabs())
      if (tab->document()->path() != QStringLiteral("project/main.py")) window->editors()->closeTab(tab);
    window->editors()->openFile(QStringLiteral("project/main.py"));
    ASSERT_TRUE(loaded());
    settle();
  }

  client::ServerConnection connection{server.origin(), &secrets};
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(DesktopLongUse, LeavesNothingBehind) {
  Soak luck(14, 6'000);
  int most_widgets = 0;
  int most_objects = 0;
  qint64 memory = 0;
  for (int round = 0; round < luck.rounds(); ++round) {
    SCOPED_TRACE(luck.where(round));
    luck.tell(round);
    // Everything once at first, then as it comes.
    if (round == 0) {
      editFile(luck);
      filterTree(luck);
      lookAtHistory();
      changeTheme();
      changeTheme();
    }
    act(luck);
    comeToRest();
    if (HasFatalFailure()) return;
    if (round <= std::min(warm_up, luck.rounds() / 2)) {
      most_widgets = std::max(most_widgets, widgets());
      most_objects = std::max(most_objects, objects());
    }
    ASSERT_LE(widgets(), most_widgets) << "widgets of closed things are left";
    ASSERT_LE(objects(), most_objects + 20) << "objects of closed things are left";
    if (round == luck.rounds() / 3) memory = own_memory();
  }
  if (luck.rounds() < measured_from) return;
  const auto grown = own_memory() - memory;
  std::cout << "  memory grew by " << grown << " KiB" << std::endl;
  EXPECT_LT(grown, most_growth);
}

}  // namespace
}  // namespace berth::test
