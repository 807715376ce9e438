// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_area.hpp"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMouseEvent>
#include <QPushButton>
#include <QSaveFile>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/bookmarks.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/remote_cursors.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

EditorArea::EditorArea(client::Workspace* workspace, QWidget* parent)
    : QStackedWidget(parent), workspace_(workspace), tabs_(new QTabWidget) {
  tabs_->setDocumentMode(true);
  tabs_->setMovable(true);
  tabs_->setTabsClosable(false);  // own close buttons, tinted for the theme
  tabs_->setUsesScrollButtons(true);
  tabs_->setElideMode(Qt::ElideMiddle);
  tabs_->setIconSize({16, 16});
  addWidget(makeWelcome());
  addWidget(tabs_);
  connect(tabs_, &QTabWidget::currentChanged, this, [this] {
    setCurrentIndex(tabs_->count() > 0 ? 1 : 0);
    if (auto* tab = current()) {
      shown_.removeAll(tab);
      shown_.append(tab);
    }
    Q_EMIT currentChanged();
  });
  auto* bar = tabs_->tabBar();
  bar->setContextMenuPolicy(Qt::CustomContextMenu);
  bar->installEventFilter(this);
  connect(bar, &QWidget::customContextMenuRequested, this, &EditorArea::tabMenu);
  connect(workspace->connection(), &client::WorkspaceConnection::established, this, [this] {
    for (auto* offer : offers_to_change_) offer->setVisible(workspace_->mayEdit());
  });
  connect(workspace->documents(), &client::Documents::unsentFound, this, [this](const QStringList& paths) {
    for (const auto& path : paths) openFile(path);
  });
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

EditorTab* EditorArea::openFile(const QString& path, int line) {
  if (auto* known = tabOf(path)) {
    tabs_->setCurrentWidget(known);
    if (line > 0) known->editor()->goToLine(line);
    return known;
  }
  auto* tab = new EditorTab(workspace_->documents()->open(path));
  new RemoteCursors(tab->editor(), tab->document(), workspace_->presence());  // the editor's
  const auto keep_bookmarks = [this, tab] {
    tab->editor()->findChild<Bookmarks*>()->keepUnder(
        QStringLiteral("workspaces/%1/bookmarks/%2")
            .arg(workspace_->id(), QString::fromLatin1(QUrl::toPercentEncoding(tab->document()->path(), {},
                                                                               QByteArray("/.~-_")))));
  };
  keep_bookmarks();
  connect(tab->document(), &client::Document::pathChanged, tab, keep_bookmarks);
  if (line > 0) tab->goToLineWhenLoaded(line);
  connect(tab, &EditorTab::titleChanged, this, [this, tab] {
    refreshTitle(tab);
    if (tab == current()) Q_EMIT currentChanged();
  });
  connect(tab, &EditorTab::downloadWanted, this, &EditorArea::downloadWanted);
  connect(tab->editor(), &CodeEditor::cursorMoved, this, &EditorArea::currentChanged);
  const int at = tabs_->addTab(tab, file_icon(path), QString());
  auto* close = new QToolButton;
  close->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  close->setIconSize({12, 12});
  close->setFixedSize(18, 18);
  close->setStyleSheet(QStringLiteral(
      "QToolButton{background:transparent;border:none;border-radius:4px;padding:0;margin-left:4px}"));
  close->setToolTip(tr("Close (Ctrl+W)"));
  close->setAccessibleName(tr("Close %1").arg(path));
  connect(close, &QToolButton::clicked, this, [this, tab] { closeTab(tab); });
  tabs_->tabBar()->setTabButton(at, QTabBar::RightSide, close);
  for (auto* each : tabs()) refreshTitle(each);
  tabs_->setCurrentWidget(tab);
  setCurrentIndex(1);
  tab->editor()->setFocus();
  return tab;
}

void EditorArea::refreshTitle(EditorTab* tab) {
  const auto at = tabs_->indexOf(tab);
  if (at < 0) return;
  const auto path = tab->document()->path();
  auto title = client::base_name(path);
  // Two files of one name are told apart by their folders.
  for (auto* other : tabs())
    if (other != tab && client::base_name(other->document()->path()) == title) {
      title += QStringLiteral(" – ") + path.section(QLatin1Char('/'), -2, -2);
      break;
    }
  title.replace(QLatin1Char('&'), QLatin1String("&&"));
  if (tab->document()->hasUnsent() || !tab->document()->problem().isEmpty())
    title.prepend(QStringLiteral("• "));
  if (tabs_->tabText(at) == title && tabs_->tabToolTip(at) == client::plain_tip(path)) return;
  tabs_->setTabText(at, title);
  tabs_->setTabToolTip(at, client::plain_tip(path));
  tabs_->setTabIcon(at, file_icon(client::base_name(path)));
}

QStringList EditorArea::recentPaths() const {
  QStringList paths;
  for (auto* tab : shown_) paths.prepend(tab->document()->path());
  if (paths.size() > 1) paths.append(paths.takeFirst());
  return paths;
}

void EditorArea::step(int by) {
  if (const int count = tabs_->count(); count > 0)
    tabs_->setCurrentIndex((tabs_->currentIndex() + by + count) % count);
  focusText();
}

void EditorArea::focusText() {
  if (auto* tab = current()) return tab->editor()->setFocus();
  if (auto* first = findChild<QPushButton*>()) first->setFocus();
}

void EditorArea::tabMenu(const QPoint& position) {
  const int at = tabs_->tabBar()->tabAt(position);
  auto* tab = qobject_cast<EditorTab*>(tabs_->widget(at));
  if (!tab) return;
  QMenu menu(this);
  const auto close_all_but = [this](EditorTab* kept) {
    for (auto* other : tabs())
      if (other != kept && !closeTab(other)) return;
  };
  menu.addAction(tr("Close"), this, [this, tab] { closeTab(tab); })
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_W));
  menu.addAction(tr("Close the Others"), this, [=] { close_all_but(tab); })->setEnabled(tabs_->count() > 1);
  menu.addAction(tr("Close All"), this, [=] { close_all_but(nullptr); });
  menu.addSeparator();
  menu.addAction(Theme::icon(QStringLiteral("edit-copy-path")), tr("Copy Path"), this,
                 [path = tab->document()->path()] { QApplication::clipboard()->setText(path); });
  menu.addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                 [this, path = tab->document()->path()] { Q_EMIT historyWanted(path); });
  menu.exec(tabs_->tabBar()->mapToGlobal(position));
}

bool EditorArea::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const int at = tabs_->tabBar()->tabAt(mouse->position().toPoint());
    if (auto* tab = qobject_cast<EditorTab*>(tabs_->widget(at)); tab && mouse->button() == Qt::MiddleButton)
      return closeTab(tab), true;
  }
  return QStackedWidget::eventFilter(watched, event);
}

EditorTab* EditorArea::current() const { return qobject_cast<EditorTab*>(tabs_->currentWidget()); }

QList<EditorTab*> EditorArea::tabs() const {
  QList<EditorTab*> out;
  for (int i = 0; i < tabs_->count(); ++i) out.append(static_cast<EditorTab*>(tabs_->widget(i)));
  return out;
}

EditorTab* EditorArea::tabOf(const QString& path) const {
  for (auto* tab : tabs())
    if (tab->document()->path() == path) return tab;
  return nullptr;
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
  return paths;
}

QStringList EditorArea::openPaths() const {
  QStringList paths;
  for (auto* tab : tabs()) paths.append(tab->document()->path());
  return paths;
}

bool EditorArea::mayDrop(EditorTab* tab) {
  // What can't be sent now is kept on this machine, and sent by whoever opens it next.
  if (!tab->document()->hasUnsent() || tab->document()->keepProblem().isEmpty()) return true;
  tabs_->setCurrentWidget(tab);
  QMessageBox box(QMessageBox::Warning, tr("Text Not Saved"),
                  tr("The last changes to %1 are only in this window. Closing it loses them.")
                      .arg(client::base_name(tab->document()->path())),
                  QMessageBox::Discard | QMessageBox::Cancel, this);
  box.setTextFormat(Qt::PlainText);
  box.setDefaultButton(QMessageBox::Cancel);
  return box.exec() == QMessageBox::Discard;
}

bool EditorArea::closeTab(EditorTab* tab) {
  if (!mayDrop(tab)) return false;
  if (tab->document()->isKeeping()) Q_EMIT closedUnsent(tab->document()->path());
  shown_.removeAll(tab);
  // Closing goes back to what was looked at before, not to the neighbour.
  if (tab == current() && !shown_.isEmpty()) tabs_->setCurrentWidget(shown_.constLast());
  tabs_->removeTab(tabs_->indexOf(tab));
  shown_.removeAll(tab);
  tab->deleteLater();
  if (tabs_->count() == 0) setCurrentIndex(0);
  for (auto* left : tabs()) refreshTitle(left);
  Q_EMIT currentChanged();
  return true;
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
  for (auto* tab : tabs())
    if (!mayDrop(tab)) return false;
  return true;
}

}  // namespace berth::desktop
