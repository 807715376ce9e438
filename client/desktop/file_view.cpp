// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_view.hpp"

#include <QApplication>
#include <QDrag>
#include <QIdentityProxyModel>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "client/core/file_tree.hpp"
#include "client/core/local_copy.hpp"
#include "client/core/workspace.hpp"
#include "client/core/workspace_changes.hpp"
#include "client/desktop/dragged_files.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using client::FileTree;
using Kind = client::WorkspaceChanges::Kind;

constexpr int mark_width = 22;            // px, for the letter at the end of a row
constexpr int open_while_dragging = 700;  // ms over a closed folder
constexpr int drag_again = 60'000;        // ms for which files that came too late are not fetched anew
constexpr int most_copies = 8;            // drags whose files stay on this machine for who still reads them

QColor colour_of(Kind kind) {
  const auto& colors = Theme::instance()->colors();
  switch (kind) {
    case Kind::added:
      return colors.good;
    case Kind::modified:
      return colors.warning;
    case Kind::deleted:
      return colors.bad;
    case Kind::none:
      return colors.text;
  }
  return colors.text;
}

QString letter_of(Kind kind) {
  switch (kind) {
    case Kind::added:
      return QStringLiteral("A");
    case Kind::modified:
      return QStringLiteral("M");
    case Kind::deleted:
      return QStringLiteral("D");
    case Kind::none:
      return {};
  }
  return {};
}

}  // namespace

/// Adds to the model, which has no widgets' types, what is seen: icons and words for what changed.
class FileRows : public QIdentityProxyModel {
 public:
  FileRows(FileView* view, QAbstractItemModel* files, client::WorkspaceChanges* changes)
      : QIdentityProxyModel(view), view_(view), changes_(changes) {
    setSourceModel(files);
  }

  Kind kind(const QModelIndex& index) const {
    if (!changes_) return Kind::none;
    const auto path = index.data(FileTree::PathRole).toString();
    return index.data(FileTree::IsDirectoryRole).toBool() ? changes_->below(path) : changes_->of(path);
  }

  QVariant data(const QModelIndex& index, int role) const override {
    const auto plain = QIdentityProxyModel::data(index, role);
    switch (role) {
      case Qt::DecorationRole:
        if (index.data(FileTree::IsDirectoryRole).toBool()) return folder_icon(view_->isExpanded(index));
        return file_icon(index.data(Qt::DisplayRole).toString());
      case Qt::ToolTipRole:
      case Qt::AccessibleTextRole: {
        const auto words = this->words(index);
        const auto text = role == Qt::ToolTipRole ? plain.toString() : index.data(Qt::DisplayRole).toString();
        if (words.isEmpty()) return role == Qt::ToolTipRole ? plain : QVariant(text);
        return role == Qt::ToolTipRole ? text + QLatin1Char('\n') + words
                                       : FileView::tr("%1, %2").arg(text, words);
      }
      default:
        return plain;
    }
  }

  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                    const QModelIndex& parent) override {
    const auto* tree = qobject_cast<FileTree*>(sourceModel());
    const auto* dragged = qobject_cast<const DraggedFiles*>(data);
    // From another workspace's window of this program: nothing on this machine to upload yet.
    if (tree && dragged && dragged->copy() && client::carried_paths(data, tree->origin()).isEmpty()) {
      Q_EMIT view_->foreignFilesDropped(dragged->copy(), tree->folderFor(mapToSource(parent)));
      return false;
    }
    return QIdentityProxyModel::dropMimeData(data, action, row, column, parent);
  }

 private:
  QString words(const QModelIndex& index) const {
    if (!changes_) return {};
    const auto path = index.data(FileTree::PathRole).toString();
    if (index.data(FileTree::IsDirectoryRole).toBool()) {
      const int count = changes_->countBelow(path);
      return count > 0 ? FileView::tr("%n changed in it since the start", nullptr, count) : QString();
    }
    switch (changes_->of(path)) {
      case Kind::added:
        return FileView::tr("new since the start");
      case Kind::modified:
        return FileView::tr("changed since the start");
      case Kind::deleted:
        return FileView::tr("deleted since the start");
      case Kind::none:
        return {};
    }
    return {};
  }

  FileView* view_;
  client::WorkspaceChanges* changes_;
};

namespace {

/// The name in the colour of what happened to it, its letter at the end of the row.
class FileRow : public QStyledItemDelegate {
 public:
  FileRow(FileView* view, const FileRows* rows) : QStyledItemDelegate(view), view_(view), rows_(rows) {}

  // No taller than its row: fields of dialogs have more room around their text.
  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const override {
    auto* field = QStyledItemDelegate::createEditor(parent, option, index);
    field->setStyleSheet(QStringLiteral("padding: 0 3px; margin: 0; min-height: 0; border-radius: 3px;"));
    field->setAccessibleName(FileView::tr("Name"));
    return field;
  }
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const override {
    QStyledItemDelegate::updateEditorGeometry(editor, option, index);
    auto place = editor->geometry();
    place.setTop(option.rect.top());
    place.setBottom(option.rect.bottom());
    editor->setGeometry(place);
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto kind = rows_->kind(index);
    const bool folder = view_->isFolder(index);
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    if (view_->isCut(view_->pathAt(index))) {
      row.palette.setColor(QPalette::Text, Theme::instance()->colors().faint);
    } else if (kind != Kind::none) {
      row.palette.setColor(QPalette::Text, colour_of(kind));
    }
    auto* style = view_->style();
    if (kind == Kind::none) return style->drawControl(QStyle::CE_ItemViewItem, &row, painter, view_);
    // The ground over the whole row, then the name in what the letter leaves of it.
    QStyleOptionViewItem ground = row;
    ground.text.clear();
    ground.icon = {};
    ground.features &= ~(QStyleOptionViewItem::HasDisplay | QStyleOptionViewItem::HasDecoration);
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, view_);
    row.rect.setRight(row.rect.right() - mark_width);
    style->drawControl(QStyle::CE_ItemViewItem, &row, painter, view_);
    painter->save();
    painter->setPen(colour_of(kind));
    auto font = option.font;
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() > 0 ? font.pointSizeF() * 0.85 : 8);
    painter->setFont(font);
    const QRect mark(option.rect.right() - mark_width, option.rect.top(), mark_width - 4,
                     option.rect.height());
    painter->setRenderHint(QPainter::Antialiasing);
    if (folder) {
      painter->setBrush(colour_of(kind));
      painter->setPen(Qt::NoPen);
      painter->drawEllipse(QRectF(mark).center(), 2.6, 2.6);
    } else {
      painter->drawText(mark, Qt::AlignCenter, letter_of(kind));
    }
    painter->restore();
  }

 private:
  FileView* view_;
  const FileRows* rows_;
};

}  // namespace

FileView::FileView(client::Workspace* workspace, QAbstractItemModel* files, client::WorkspaceChanges* changes,
                   QWidget* parent)
    : QTreeView(parent), workspace_(workspace), rows_(new FileRows(this, files, changes)) {
  setModel(rows_);
  auto* delegate = new FileRow(this, rows_);
  setItemDelegate(delegate);
  connect(delegate, &QAbstractItemDelegate::closeEditor, this, &FileView::nameFieldClosed);
  setHeaderHidden(true);
  setUniformRowHeights(true);
  setIndentation(16);
  setAnimated(false);
  setExpandsOnDoubleClick(true);
  setSelectionMode(ExtendedSelection);
  setDropIndicatorShown(true);
  setDragDropOverwriteMode(true);
  setDefaultDropAction(Qt::MoveAction);
  setAutoExpandDelay(open_while_dragging);
  setContextMenuPolicy(Qt::CustomContextMenu);
  setMayChange(true);
  connect(this, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    // With these keys rows are chosen, not opened.
    const bool choosing = QApplication::keyboardModifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    if (!choosing && !isFolder(index)) Q_EMIT openWanted(pathAt(index));
  });
  connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
    if (!isFolder(index)) Q_EMIT openWanted(pathAt(index));
  });
  if (changes)
    connect(changes, &client::WorkspaceChanges::changed, viewport(), qOverload<>(&QWidget::update));
}

// A name's field that is open goes behind this, and closes then.
FileView::~FileView() {
  disconnect(itemDelegate(), &QAbstractItemDelegate::closeEditor, this, &FileView::nameFieldClosed);
}

QString FileView::pathAt(const QModelIndex& index) const {
  return index.isValid() ? index.data(FileTree::PathRole).toString() : QString();
}

bool FileView::isFolder(const QModelIndex& index) const {
  return index.data(FileTree::IsDirectoryRole).toBool();
}

QString FileView::currentPath() const { return pathAt(currentIndex()); }

QStringList FileView::selectedPaths() const {
  QStringList all;
  auto rows = selectionModel()->selectedRows();
  for (const auto& row : rows) all.append(pathAt(row));
  all.sort();
  QStringList top;
  QSet<QString> chosen(all.begin(), all.end());
  for (const auto& path : all) {
    bool inside = false;
    for (auto end = path.lastIndexOf(QLatin1Char('/')); end > 0 && !inside;
         end = path.lastIndexOf(QLatin1Char('/'), end - 1))
      inside = chosen.contains(path.left(end));
    if (!inside && !path.isEmpty()) top.append(path);
  }
  return top;
}

QString FileView::currentFolder(const QString& root) const {
  const auto index = currentIndex();
  if (!index.isValid() || !selectionModel()->isSelected(index)) return root;
  if (isFolder(index)) return pathAt(index);
  return pathAt(index).section(QLatin1Char('/'), 0, -2);
}

void FileView::setMayChange(bool may) {
  may_change_ = may;
  // Who may only look still takes files away with a drag.
  setDragDropMode(may ? DragDrop : DragOnly);
  setEditTriggers(may ? EditKeyPressed : NoEditTriggers);
}

void FileView::setCut(const QStringList& paths) {
  cut_ = QSet<QString>(paths.begin(), paths.end());
  viewport()->update();
}

QModelIndex FileView::fromSource(const QModelIndex& index) const { return rows_->mapFromSource(index); }

bool FileView::isKeyOfOurs(const QKeyEvent& event) const {
  for (const auto key :
       {QKeySequence::Copy, QKeySequence::Cut, QKeySequence::Paste, QKeySequence::Undo, QKeySequence::Delete})
    if (event.matches(key)) return true;
  return event.key() == Qt::Key_F && event.modifiers() == (Qt::ControlModifier | Qt::AltModifier);
}

bool FileView::event(QEvent* event) {
  // The window's own commands of these keys wait while the tree has them.
  if (event->type() == QEvent::ShortcutOverride && isKeyOfOurs(*static_cast<QKeyEvent*>(event))) {
    event->accept();
    return true;
  }
  return QTreeView::event(event);
}

void FileView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return Q_EMIT copyWanted();
  if (event->matches(QKeySequence::Cut)) return Q_EMIT cutWanted();
  if (event->matches(QKeySequence::Paste)) return Q_EMIT pasteWanted();
  if (event->matches(QKeySequence::Undo)) return Q_EMIT undoWanted();
  if (event->matches(QKeySequence::Delete)) return Q_EMIT removeWanted();
  if (isKeyOfOurs(*event)) return Q_EMIT findWanted();
  if (event->key() == Qt::Key_Escape && !cut_.isEmpty()) return setCut({});
  QTreeView::keyPressEvent(event);
}

client::LocalCopy* FileView::copyOf(const QStringList& paths) {
  copies_.removeAll(nullptr);
  for (const auto& copy : copies_) {
    const bool under_way = copy->state() == client::LocalCopy::State::running;
    const bool again =
        copy == late_ && copy->state() == client::LocalCopy::State::done && !late_until_.hasExpired();
    if (copy->paths() == paths && (under_way || again)) return copy;
  }
  while (copies_.size() >= most_copies) delete copies_.takeFirst();
  auto* copy = new client::LocalCopy(workspace_->connection(), workspace_->transfers(), paths, this);
  copies_.append(copy);
  return copy;
}

void FileView::startDrag(Qt::DropActions supported) {
  const auto paths = selectedPaths();
  if (paths.isEmpty()) return;
  auto* drag = new QDrag(this);
  auto* data = new DraggedFiles(copyOf(paths), workspace_->tree()->origin());
  drag->setMimeData(data);
  const auto name = paths.size() == 1 ? currentIndex().data().toString()
                                      : tr("%n items", nullptr, static_cast<int>(paths.size()));
  const auto& colors = Theme::instance()->colors();
  const auto text = fontMetrics().elidedText(name, Qt::ElideMiddle, 260);
  const QSize size(fontMetrics().horizontalAdvance(text) + 20, fontMetrics().height() + 10);
  QPixmap picture(size * devicePixelRatioF());
  picture.setDevicePixelRatio(devicePixelRatioF());
  picture.fill(Qt::transparent);
  {
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.border);
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(QPointF(0, 0), size).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.setPen(colors.text);
    painter.setFont(font());
    painter.drawText(QRect(QPoint(0, 0), size), Qt::AlignCenter, text);
  }
  drag->setPixmap(picture);
  drag->setHotSpot(QPoint(-12, size.height() / 2));
  connect(drag, &QDrag::targetChanged, data, [data](QObject* target) {
    if (!target) data->begin();
  });
  connect(data, &DraggedFiles::late, this, [this, copy = QPointer(data->copy())] {
    if (!copy) return;
    late_ = copy;
    late_until_ = QDeadlineTimer(QDeadlineTimer::Forever);
    connect(copy, &client::LocalCopy::finished, this, [this] { late_until_ = QDeadlineTimer(drag_again); });
    Q_EMIT dragWasLate(copy);
  });
  const auto actions = may_change_ ? supported | Qt::CopyAction : Qt::DropActions(Qt::CopyAction);
  drag->exec(actions, may_change_ ? Qt::MoveAction : Qt::CopyAction);
}

}  // namespace berth::desktop
