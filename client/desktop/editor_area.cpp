// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_area.hpp"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>
#include <algorithm>

#include "client/core/base_name.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/bookmarks.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/remote_cursors.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/tab_views.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_closed_tabs = 50;  // that can be opened again

}  // namespace

EditorArea::EditorArea(client::Workspace* workspace, QWidget* parent)
    : QStackedWidget(parent), workspace_(workspace), main_(new EditorGroups([this] { return makeGroup(); })) {
  addWidget(makeWelcome());
  addWidget(main_);
  activate(main_->all().constFirst());
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
    for (auto* widget = now; widget; widget = widget->parentWidget())
      if (auto* group = qobject_cast<EditorGroup*>(widget); group && groups().contains(group))
        return activate(group);
  });
  connect(workspace->connection(), &client::WorkspaceConnection::established, this, [this] {
    for (auto* offer : offers_to_change_) offer->setVisible(workspace_->mayEdit());
  });
  connect(workspace->documents(), &client::Documents::unsentFound, this, [this](const QStringList& paths) {
    for (const auto& path : paths) openFile(path);
  });
}

EditorArea::~EditorArea() {
  QObject::disconnect(qApp, nullptr, this, nullptr);
  active_ = nullptr;
  // They go after this has gone as far as it knows them.
  for (auto* group : groups()) QObject::disconnect(group, nullptr, this, nullptr);
  for (auto* tab : tabs()) {
    QObject::disconnect(tab, nullptr, this, nullptr);
    QObject::disconnect(tab->editor(), nullptr, this, nullptr);
  }
  const auto open_windows = std::exchange(windows_, {});
  for (auto* window : open_windows) {
    QObject::disconnect(window, nullptr, this, nullptr);
    delete window;
  }
}

QWidget* EditorArea::makeWelcome() {
  auto* page = new QWidget;
  page->setObjectName(QStringLiteral("welcome"));
  page->setAttribute(Qt::WA_StyledBackground);
  auto* layout = new QVBoxLayout(page);
  layout->setAlignment(Qt::AlignCenter);
  layout->setSpacing(10);
  auto* picture = new QLabel;
  picture->setPixmap(Theme::logo().pixmap(72, 72));
  picture->setAlignment(Qt::AlignCenter);
  layout->addWidget(picture);
  auto* name = new QLabel(QString::fromStdString(workspace_->facts().name));
  name->setProperty("role", QStringLiteral("title"));
  name->setAlignment(Qt::AlignCenter);
  name->setTextFormat(Qt::PlainText);
  layout->addWidget(name);
  auto* hint = new QLabel(tr("Open a file from the tree, or begin with one of these."));
  hint->setProperty("role", QStringLiteral("muted"));
  hint->setAlignment(Qt::AlignCenter);
  layout->addWidget(hint);
  layout->addSpacing(8);
  const auto add = [&](const char* icon, const QString& text, auto signal) {
    auto* button = new QPushButton(Theme::icon(QLatin1String(icon)), text);
    button->setFixedWidth(220);
    connect(button, &QPushButton::clicked, this, signal);
    layout->addWidget(button, 0, Qt::AlignHCenter);
    return button;
  };
  if (!workspace_->facts().open_file.empty())
    offer_first_ =
        add("document-open",
            tr("Open %1").arg(client::base_name(QString::fromStdString(workspace_->facts().open_file))),
            [this] { openFile(QString::fromStdString(workspace_->facts().open_file)); });
  add("edit-find", tr("Open by Name… (Ctrl+P)"), [this] { Q_EMIT openByNameWanted(); });
  offers_to_change_ = {add("document-new", tr("New File…"), [this] { Q_EMIT newFileWanted(); }),
                       add("dialog-scripts", tr("New Terminal"), [this] { Q_EMIT newTerminalWanted(); })};
  return page;
}

void EditorArea::offerFirstFile(bool offered) {
  if (offer_first_) offer_first_->setVisible(offered);
}

EditorGroup* EditorArea::makeGroup() {
  auto* group = new EditorGroup(this);
  connect(group, &EditorGroup::shownChanged, this, [this, group] { tabShown(group); });
  connect(group, &EditorGroup::closeWanted, this, &EditorArea::closeTab);
  connect(group, &EditorGroup::menuWanted, this, &EditorArea::tabMenu);
  return group;
}

void EditorArea::tabShown(EditorGroup* group) {
  refreshPage();
  if (auto* tab = group->current()) {
    shown_.removeAll(tab);
    shown_.append(tab);
  }
  if (group == active_) Q_EMIT currentChanged();
  Q_EMIT layoutChanged();
}

void EditorArea::refreshPage() {
  const auto here = main_->all();
  const bool any = std::ranges::any_of(here, [](const EditorGroup* group) { return group->count() > 0; });
  setCurrentIndex(any || here.size() > 1 ? 1 : 0);
}

EditorTab* EditorArea::makeTab(client::Document* document) {
  auto* tab = new EditorTab(document);
  new RemoteCursors(tab->editor(), document, workspace_->presence());  // the editor's
  new TabViews(tab, workspace_, this);                                 // the tab's
  const auto keep_bookmarks = [this, tab] {
    tab->editor()->findChild<Bookmarks*>()->keepUnder(
        QStringLiteral("workspaces/%1/bookmarks/%2")
            .arg(workspace_->id(), QString::fromLatin1(QUrl::toPercentEncoding(tab->document()->path(), {},
                                                                               QByteArray("/.~-_")))));
  };
  keep_bookmarks();
  connect(document, &client::Document::pathChanged, tab, keep_bookmarks);
  connect(tab, &EditorTab::titleChanged, this, [this, tab] {
    refreshTitle(tab);
    if (tab == current()) Q_EMIT currentChanged();
  });
  connect(tab, &EditorTab::downloadWanted, this, &EditorArea::downloadWanted);
  connect(tab->editor(), &CodeEditor::cursorMoved, this, [this, tab] {
    if (tab == current()) Q_EMIT currentChanged();
    Q_EMIT layoutChanged();
  });
  return tab;
}

EditorTab* EditorArea::open(EditorGroup* group, const QString& path) {
  const auto known = tabs();
  const auto same = std::ranges::find_if(known, [&](auto* tab) { return tab->document()->path() == path; });
  auto* tab = makeTab(same == known.end() ? workspace_->documents()->open(path) : (*same)->document());
  group->insert(tab);
  refreshTitles();
  Q_EMIT tabOpened(tab);
  return tab;
}

EditorTab* EditorArea::openFile(const QString& path, int line, int column) {
  auto* tab = tabOf(path);
  const bool fresh = !tab;
  if (!tab) tab = open(active_, path);
  auto* group = groupOf(tab);
  group->setCurrentWidget(tab);
  activate(group);
  if (line > 0) tab->goToPlace(line, column);
  refreshPage();
  if (tab->window() != window() && tab->window()->isVisible()) {
    tab->window()->raise();
    tab->window()->activateWindow();
  }
  if (fresh) tab->editor()->setFocus();
  return tab;
}

EditorTab* EditorArea::openAside(const QString& path, int line) {
  auto* known_tab = tabOf(path);
  auto* beside = neighbour(active_, 1);
  if (!beside && active_->count() > 0) beside = placeOf(active_)->split(active_, DropZone::right);
  if (beside) activate(beside);
  const auto here = active_->tabs();
  const auto known = std::ranges::find_if(here, [&](auto* tab) { return tab->document()->path() == path; });
  auto* tab = known == here.end() ? nullptr : *known;
  if (!tab && known_tab && !known_tab->document()->isLoaded()) {
    moveTab(known_tab, active_);  // what is not there yet can't be shown twice
    return known_tab;
  }
  if (!tab) tab = open(active_, path);
  active_->setCurrentWidget(tab);
  if (line > 0) tab->goToPlace(line);
  tab->editor()->setFocus();
  return tab;
}

void EditorArea::refreshTitles() {
  for (auto* tab : tabs()) refreshTitle(tab);
}

void EditorArea::refreshTitle(EditorTab* tab) {
  auto* group = groupOf(tab);
  if (!group) return;
  const auto path = tab->document()->path();
  auto title = client::base_name(path);
  // Two files of one name are told apart by their folders.
  for (auto* other : tabs())
    if (const auto theirs = other->document()->path(); theirs != path && client::base_name(theirs) == title) {
      title += QStringLiteral(" – ") + path.section(QLatin1Char('/'), -2, -2);
      break;
    }
  title.replace(QLatin1Char('&'), QLatin1String("&&"));
  if (tab->document()->hasUnsent() || !tab->document()->problem().isEmpty())
    title.prepend(QStringLiteral("• "));
  group->setTitle(tab, title, path);
  for (auto* window : windows_)
    if (window == tab->window()) window->refreshTitle();
}

QStringList EditorArea::recentPaths() const {
  QStringList paths;
  for (auto* tab : shown_) paths.prepend(tab->document()->path());
  paths.removeDuplicates();
  if (paths.size() > 1) paths.append(paths.takeFirst());
  return paths;
}

QString EditorArea::workspaceName() const { return QString::fromStdString(workspace_->facts().name); }

void EditorArea::step(int by) {
  if (const int count = active_->count(); count > 0)
    active_->setCurrentIndex((active_->currentIndex() + by + count) % count);
  focusText();
}

void EditorArea::focusText() {
  auto* top = active_->window();
  if (top != window() && top->isVisible()) top->activateWindow();
  if (auto* tab = current()) return tab->isPaged() ? tab->setFocus() : tab->editor()->setFocus();
  if (currentIndex() == 1) return active_->tabBar()->setFocus();
  if (auto* first = findChild<QPushButton*>()) first->setFocus();
}

void EditorArea::tabMenu(EditorTab* tab, const QPoint& position) {
  const QPointer<EditorTab> here(tab);
  auto* group = groupOf(tab);
  auto* menu = new QMenu(tab->window());  // on the stack it would go twice where its window goes meanwhile
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setObjectName(QStringLiteral("tabMenu"));
  const auto act = [here](auto run) {
    return [here, run] {
      if (here) run(here.data());
    };
  };
  menu->addAction(tr("Close"), this, act([this](EditorTab* one) { closeTab(one); }))
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_W));
  menu->addAction(tr("Close the Others"), this, act([this](EditorTab* one) { closeOthers(one); }))
      ->setEnabled(group->count() > 1);
  menu->addAction(tr("Close All"), this, [this] { closeAll(); });
  menu->addSeparator();
  const auto split_to = [&](const char* icon, const QString& text, DropZone zone) {
    menu->addAction(Theme::icon(QLatin1String(icon)), text, this, act([this, zone](EditorTab* one) {
                      groupOf(one)->setCurrentWidget(one);
                      activate(groupOf(one));
                      split(zone);
                    }));
  };
  split_to("view-split-left-right", tr("Split to the Right"), DropZone::right);
  split_to("view-split-top-bottom", tr("Split Downwards"), DropZone::below);
  menu->addAction(Theme::icon(QStringLiteral("window-new")), tr("Move to a New Window"), this,
                  act([this](EditorTab* one) { moveToNewWindow(one); }));
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("edit-copy-path")), tr("Copy Path"), this,
                  [path = tab->document()->path()] { QApplication::clipboard()->setText(path); });
  menu->addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                  [this, path = tab->document()->path()] { Q_EMIT historyWanted(path); });
  menu->popup(position);
}

EditorTab* EditorArea::current() const { return active_ ? active_->current() : nullptr; }

QList<EditorTab*> EditorArea::tabs() const {
  QList<EditorTab*> out;
  for (auto* group : groups()) out += group->tabs();
  return out;
}

EditorTab* EditorArea::tabOf(const QString& path) const {
  EditorTab* found = nullptr;
  for (auto* group : groups())
    for (auto* tab : group->tabs())
      if (tab->document()->path() == path && (!found || (group == active_ && groupOf(found) != active_) ||
                                              (group == active_ && tab == group->current())))
        found = tab;
  return found;
}

bool EditorArea::isSending() const {
  const auto all = workspace_->documents()->all();  // with those whose tab is closed already
  return std::ranges::any_of(all, [](const client::Document* document) {
    return document->hasUnsent() && !document->inConflict() && document->problem().isEmpty();
  });
}

QStringList EditorArea::unsentPaths() const {
  QStringList paths;
  for (auto* tab : tabs())
    if (tab->document()->hasUnsent()) paths.append(tab->document()->path());
  paths.removeDuplicates();
  return paths;
}

QStringList EditorArea::openPaths() const {
  QStringList paths;
  for (auto* tab : tabs()) paths.append(tab->document()->path());
  paths.removeDuplicates();
  return paths;
}

bool EditorArea::mayDrop(EditorTab* tab) {
  // What can't be sent now is kept on this machine, and sent by whoever opens it next.
  if (!tab->document()->hasUnsent() || tab->document()->keepProblem().isEmpty()) return true;
  if (auto* group = groupOf(tab)) group->setCurrentWidget(tab);
  // The window may go while the person is asked, and the question with it.
  const QPointer<EditorTab> here(tab);
  const QPointer<QMessageBox> box(
      new QMessageBox(QMessageBox::Warning, tr("Text Not Saved"),
                      tr("The last changes to %1 are only in this window. Closing it loses them.")
                          .arg(client::base_name(tab->document()->path())),
                      QMessageBox::Discard | QMessageBox::Cancel, tab->window()));
  box->setTextFormat(Qt::PlainText);
  box->setDefaultButton(QMessageBox::Cancel);
  const bool drops = box->exec() == QMessageBox::Discard;
  delete box;
  return drops && here;
}

bool EditorArea::closeTab(EditorTab* tab) {
  auto* group = groupOf(tab);
  if (!group) return true;  // it goes already
  const auto path = tab->document()->path();
  const auto all = tabs();
  const bool last =
      std::ranges::count_if(all, [&](auto* other) { return other->document() == tab->document(); }) == 1;
  if (last && !mayDrop(tab)) return false;
  if (last && tab->document()->isKeeping()) Q_EMIT closedUnsent(path);
  closed_.removeAll(path);
  closed_.append(path);
  if (closed_.size() > most_closed_tabs) closed_.removeFirst();
  shown_.removeAll(tab);
  group->release(tab);
  shown_.removeAll(tab);
  tab->setParent(this);  // it needs the workspace to its end, and is no window of its own until then
  tab->deleteLater();
  leave(group);
  refreshTitles();
  Q_EMIT currentChanged();
  Q_EMIT layoutChanged();
  return true;
}

void EditorArea::closeOthers(EditorTab* kept) {
  const auto others = groupOf(kept)->tabs();
  for (auto* other : others)
    if (other != kept && !closeTab(other)) return;
}

void EditorArea::closeAll() {
  const auto all = tabs();
  for (auto* tab : all)
    if (!closeTab(tab)) return;
}

void EditorArea::reopenClosed() {
  if (!closed_.isEmpty()) openFile(closed_.takeLast());
}

QStringList EditorArea::rescue() const {
  const QDir folder(client::UnsentStore::filesFolder());
  QStringList written;
  for (auto* tab : tabs()) {
    if (!tab->document()->hasUnsent() || !folder.mkpath(QStringLiteral("."))) continue;
    const auto now = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    const auto name = client::name_for_person(tab->document()->path());
    QSaveFile file(folder.filePath(QStringLiteral("%1 %2 %3").arg(workspace_->id(), now, name)));
    const auto text = tab->editor()->text();
    if (file.open(QIODevice::WriteOnly) &&
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
        file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) &&
        file.commit())
      written.append(file.fileName());
  }
  return written;
}

bool EditorArea::mayClose() {
  const auto all = tabs();
  return std::ranges::all_of(all, [this](auto* tab) { return mayDrop(tab); });
}

}  // namespace berth::desktop
