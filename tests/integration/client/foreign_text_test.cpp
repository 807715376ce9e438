// SPDX-License-Identifier: GPL-3.0-or-later
// Names of files, terminals, programs and people come from others: nowhere are they read as markup, which
// would dress them up and load the pictures that they name.
#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QLabel>
#include <QListWidget>
#include <QTabBar>
#include <QTest>
#include <QTextDocument>
#include <set>

#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "protocol/rest_sharing.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
namespace rest = berth::protocol::rest;

constexpr int foreign_patience = 20'000;  // ms
const std::string foreign_name = "<b>x<img src=x.png>.py";

/// What a person sees of a text in a label or a tip that guesses its format.
QString as_seen(const QString& text) {
  if (!Qt::mightBeRichText(text)) return text;
  QTextDocument document;
  document.setHtml(text);
  return document.toPlainText();
}

/// Where the name stands below `top`; a failure where it is not seen as it is.
class Places {
 public:
  void lookAt(QWidget* top) {
    for (auto* widget : top->findChildren<QWidget*>()) look(widget);
  }
  const std::set<std::string>& all() const { return all_; }

 private:
  void look(QWidget* widget) {
    const std::string kind = widget->metaObject()->className();
    note(kind + " tip", widget->toolTip());
    if (const auto* label = qobject_cast<QLabel*>(widget)) {
      const bool plain = label->textFormat() == Qt::PlainText;
      note("label", label->text(), plain);
    }
    if (const auto* bar = qobject_cast<QTabBar*>(widget))
      for (int i = 0; i < bar->count(); ++i) note("tab tip", bar->tabToolTip(i));
    if (const auto* view = qobject_cast<QAbstractItemView*>(widget); view && view->model())
      for (int row = 0; row < view->model()->rowCount(); ++row)
        note(kind + " row tip", view->model()->index(row, 0).data(Qt::ToolTipRole).toString());
  }
  void note(const std::string& place, const QString& text, bool plain = false) {
    const auto name = QString::fromStdString(foreign_name);
    if (!text.contains(QStringLiteral("x.png"))) return;
    all_.insert(place);
    EXPECT_TRUE((plain ? text : as_seen(text)).contains(name)) << place << ": " << text.toStdString();
  }
  std::set<std::string> all_;
};

TEST_F(Screens, TextOfOthersIsNeverReadAsMarkup) {
  const auto name = QString::fromStdString(foreign_name);
  const auto path = QStringLiteral("project/") + name;
  workspaces.front().name = foreign_name;
  workspaces[1].role = Role::editor;
  workspaces[1].owner = {"x", foreign_name, foreign_name};
  workspaces.front().run_command = foreign_name;
  workspaces[2].reason = foreign_name;
  shell.title = foreign_name;
  shell.command = foreign_name;
  runner.on<FileList>([](const FileList::Params&) -> Result<FileList::Result> {
    return FileList::Result{{{foreign_name, EntryType::file, 120, 0, 0644, {}, {}}}, 1, {}};
  });
  runner.on<PortList>([](const Empty&) -> Result<PortList::Result> {
    return PortList::Result{{{8000, "0.0.0.0", foreign_name}}};
  });
  server.handle = [this](const QString& route, const QString&, const QByteArray&) {
    if (route.endsWith(QStringLiteral("/members"))) {
      const rest::ListMembers::Result people{{{"x", foreign_name, "x@" + foreign_name, Role::viewer, 0}},
                                             {{"i", foreign_name, Role::viewer, 0, 0}},
                                             {}};
      return TinyServer::Answer{200, to_text(encode(people))};
    }
    if (!route.contains(QStringLiteral("/changes"))) return serve(route);
    const rest::ListVersionChanges::Result changes{
        "v3", {{"project/" + foreign_name, rest::VersionChangeKind::modified, 700, 740}}, false};
    return TinyServer::Answer{200, to_text(encode(changes))};
  };
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  Places places;

  desktop::WorkspacesPage page(&connection);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 4; }, foreign_patience));
  places.lookAt(&page);

  auto* sharing = page.share(workspaces.front());
  ASSERT_TRUE(wait_for([&] { return sharing->sharing()->isLoaded(); }, foreign_patience));
  places.lookAt(sharing);
  sharing->close();

  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1280, 820);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online() && ide.terminals()->current(); },
                       foreign_patience));
  auto* tab = ide.editors()->openFile(path);
  ASSERT_TRUE(wait_for([&] { return tab->document()->isLoaded(); }, foreign_patience));
  runner.notify<WorkspaceStorage>({StorageProgress::waiting, "v4", 1, foreign_name});
  runner.notify<PresenceChanged>({somebody("s-1", foreign_name.c_str(), 1, Role::editor)});
  ASSERT_TRUE(wait_for(
      [&] {
        return ide.people()->pictures().size() == 1 &&
               ide.status()->storageText().startsWith(QStringLiteral("Not stored"));
      },
      foreign_patience));
  QTest::keyClick(&ide, Qt::Key_P, Qt::ControlModifier);
  ASSERT_TRUE(wait_for(
      [&] {
        const auto lists = ide.findChildren<QListWidget*>();
        return std::ranges::any_of(lists, [](const auto* list) { return list->count() > 0; });
      },
      foreign_patience));
  places.lookAt(&ide);

  auto* history = ide.showHistory({});
  ASSERT_TRUE(wait_for([&] { return history->changedFiles()->count() == 1; }, foreign_patience));
  QTest::keyClick(history->changedFiles(), Qt::Key_Home);
  wait_for([] { return false; }, 100);
  places.lookAt(history);

  for (const auto* place : {"label", "tab tip", "QToolButton tip", "QLabel tip", "QListWidget row tip",
                            "berth::desktop::FileView row tip", "QPushButton tip"})
    EXPECT_TRUE(places.all().contains(place)) << place << " was not reached";
}

}  // namespace
}  // namespace berth::test
