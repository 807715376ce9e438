// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_tab.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/document_notices.hpp"
#include "client/desktop/durability_label.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/minimap.hpp"
#include "client/desktop/paged_view.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/shared_buffer.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

EditorTab::EditorTab(client::Document* document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      pages_(new QStackedWidget),
      path_(new QLabel),
      failure_(new QLabel),
      durability_(new DurabilityLabel),
      bar_(new MessageBar),
      editor_(new CodeEditor) {
  add_editor_features(editor_);
  find_ = new FindBar(editor_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* head = new QFrame;
  head->setObjectName(QStringLiteral("editorHead"));
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(14, 4, 14, 4);
  path_->setTextFormat(Qt::PlainText);
  path_->setMinimumWidth(40);
  row->addWidget(path_, 1);
  row->addWidget(durability_);
  layout->addWidget(head);
  layout->addWidget(bar_);
  notices_ = new DocumentNotices(document_, editor_);
  layout->addWidget(notices_);
  layout->addWidget(find_);
  layout->addWidget(pages_, 1);

  auto* problem = new QWidget;
  auto* column = new QVBoxLayout(problem);
  column->setAlignment(Qt::AlignCenter);
  column->setSpacing(14);
  failure_->setAlignment(Qt::AlignCenter);
  failure_->setWordWrap(true);
  failure_->setTextFormat(Qt::PlainText);
  failure_->setMinimumWidth(280);
  column->addWidget(failure_);
  auto* download = new QPushButton(Theme::icon(QStringLiteral("download")), tr("Download"));
  connect(download, &QPushButton::clicked, this, [this] { Q_EMIT downloadWanted(document_->path()); });
  column->addWidget(download, 0, Qt::AlignHCenter);
  download_ = download;
  auto* text = new QWidget;
  auto* beside = new QHBoxLayout(text);
  beside->setContentsMargins(0, 0, 0, 0);
  beside->setSpacing(0);
  minimap_ = new Minimap(editor_);
  beside->addWidget(editor_, 1);
  beside->addWidget(minimap_);
  split_ = new QSplitter;
  split_->addWidget(text);
  pages_->addWidget(split_);
  pages_->addWidget(problem);

  editor_->setReadOnly(true);
  setFocusProxy(editor_);
  durability_->follow(document_);
  connect(document_, &client::Document::loaded, this, &EditorTab::loaded);
  connect(document_, &client::Document::failed, this, &EditorTab::failed);
  connect(document_, &client::Document::tooLarge, this, &EditorTab::showPaged);
  connect(document_, &client::Document::stateChanged, this, &EditorTab::refreshBar);
  connect(document_, &client::Document::pathChanged, this, &EditorTab::refreshPath);
  connect(document_, &client::Document::conflictCopyKept, this, [this](const QString& copy) {
    bar_->show(MessageBar::Kind::warning,
               tr("The file on disk held another text; it was kept as %1.").arg(copy), {}, true);
  });
  connect(editor_, &CodeEditor::saveWanted, document_, &client::Document::save);
  auto* shared = SharedBuffer::of(document_);
  const bool others_show_it = !shared->editors().isEmpty();
  shared->add(editor_);
  refreshPath();
  if (others_show_it && document_->isLoaded()) showText();
}

EditorTab::~EditorTab() {
  // Never all of a widget's own signals: the style sheet would not hear of its end and touch it later.
  document_->disconnect(durability_);
  document_->disconnect(this);
  auto* shared = SharedBuffer::of(document_);
  if (!shared->remove(editor_)) return;  // another tab shows it still
  const QPointer<SharedBuffer> last(shared);
  document_->close();
  delete last;
}

void EditorTab::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  minimap_->fit(width());
}

QString EditorTab::durabilityText() const { return durability_->text(); }

void EditorTab::refreshPath() {
  auto shown = document_->path();
  path_->setText(shown.replace(QLatin1Char('/'), QStringLiteral("  ›  ")));
  path_->setToolTip(client::plain_tip(document_->path()));
  editor_->setFileName(client::base_name(document_->path()));
  if (document_->isLoaded()) editor_->findChild<Indentation*>()->look();
  Q_EMIT titleChanged();
}

void EditorTab::loaded(const std::string& text) {
  editor_->load(text);
  document_->setBuffer(SharedBuffer::of(document_));
  showText();
}

void EditorTab::showText() {
  editor_->setReadOnly(document_->isReadOnly());
  pages_->setCurrentIndex(0);
  refreshBar();
  if (place_) {
    editor_->goTo(place_->cursor);
    editor_->showFrom(place_->top, {});
    place_.reset();
  }
  if (line_ > 0) editor_->goToPlace(std::exchange(line_, 0), std::exchange(column_, 0));
}

EditorTab::Place EditorTab::place() const {
  if (place_) return *place_;
  if (!document_->isLoaded()) return {};
  editor_->flushEdits();
  return {editor_->selections().front().head, editor_->topPosition()};
}

void EditorTab::setPlace(const Place& place) {
  place_ = place;
  if (document_->isLoaded()) showText();
}

void EditorTab::goToPlace(int line, int column) {
  line_ = line;
  column_ = column;
  if (document_->isLoaded() && line > 0)
    editor_->goToPlace(std::exchange(line_, 0), std::exchange(column_, 0));
}

void EditorTab::failed(const Error& error) {
  failure_->setText(sentence(error));
  download_->setVisible(error.code == ErrorCode::unsupported || error.code == ErrorCode::too_large);
  pages_->setCurrentIndex(1);
}

void EditorTab::showInstead(QWidget* view) {
  if (pages_->indexOf(view) < 0) pages_->addWidget(view);
  pages_->setCurrentWidget(view);
  setFocusProxy(view);
  durability_->hide();
}

void EditorTab::showPaged() {
  auto* view = new PagedView(document_->pages());
  durability_->hide();
  pages_->setCurrentIndex(pages_->addWidget(view));
  setFocusProxy(view);
  const auto refresh = [this, view] {
    const auto* text = view->text();
    const MessageBar::Action again{tr("Read Again"), [view] { view->text()->readAgain(); }};
    const MessageBar::Action download{tr("Download"), [this] { Q_EMIT downloadWanted(document_->path()); }};
    auto shown = view->summary();
    QList<MessageBar::Action> actions{download};
    if (!text->problem().isEmpty())
      shown = text->problem(), actions = {again};
    else if (text->changedOnDisk())
      shown = tr("This file changes on disk while you read it."), actions = {again, download};
    if (actions.size() == paged_actions_ && bar_->isVisibleTo(this)) return bar_->setText(shown);
    paged_actions_ = actions.size();
    bar_->show(text->problem().isEmpty() ? MessageBar::Kind::info : MessageBar::Kind::error, shown, actions);
  };
  connect(view->text(), &client::PagedText::changed, this, refresh);
  refresh();
  Q_EMIT titleChanged();
}

void EditorTab::refreshBar() {
  if (!document_->isLoaded()) return;
  editor_->setReadOnly(document_->isReadOnly());
  Q_EMIT titleChanged();
  const auto shown = QStringLiteral("%1 %2 %3")
                         .arg(document_->isDeleted())
                         .arg(document_->readOnlyText(), document_->problem());
  if (shown == shown_) return;
  shown_ = shown;
  using Kind = MessageBar::Kind;
  const auto offered = [this](const QString& text) {
    if (document_->readOnlyReason() == protocol::ReadOnlyReason::role) return QList<MessageBar::Action>();
    return QList<MessageBar::Action>{{text, [this] { document_->save(); }}};
  };
  if (document_->isDeleted()) {
    bar_->show(Kind::warning, tr("This file was deleted. Its text is still here."),
               offered(tr("Write It Again")), true);
  } else if (!document_->problem().isEmpty()) {
    bar_->show(Kind::error, document_->problem(), offered(tr("Try Again")));
  } else if (document_->isReadOnly()) {
    QList<MessageBar::Action> actions;
    const auto reason = document_->readOnlyReason();
    if (reason == protocol::ReadOnlyReason::line_ending)
      actions.append({tr("Use LF"), [this] { document_->convert({}, protocol::LineEnding::lf); }});
    if (reason == protocol::ReadOnlyReason::encoding)
      actions.append({tr("Convert to UTF-8"), [this] { document_->convert(protocol::Encoding::utf8, {}); }});
    bar_->show(Kind::info, document_->readOnlyText(), actions, true);
  } else {
    bar_->hide();
  }
}

}  // namespace berth::desktop
