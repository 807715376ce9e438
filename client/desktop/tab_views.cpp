// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/tab_views.hpp"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QMenu>
#include <QMessageBox>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>

#include "client/core/base_name.hpp"
#include "client/core/file_reading.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/code_folding.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/image_view.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/markdown_view.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/snippet_library.hpp"
#include "client/desktop/snippets_dialog.hpp"
#include "client/desktop/text_choices.hpp"
#include "client/desktop/text_printing.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int preview_pause = 200;  // ms after a change of the text

QString folder_of(const QString& path) { return path.section(u'/', 0, -2); }

struct TabCommand {
  const char* id;
  const char* title;
  const char* key;
};

constexpr TabCommand tab_commands[]{
    {"toggle_preview_of_file", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Preview in Place of the Text"),
     "Ctrl+Shift+V"},
    {"preview_to_the_side", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Preview Beside the Text"),
     "Ctrl+K, V"},
    {"compare.with_file", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Compare with the File on the Disk"),
     "Ctrl+K, D"},
    {"compare.with_clipboard", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Compare with the Clipboard"),
     "Ctrl+K, C"},
    {"editor.print", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Print…"), nullptr},
    {"editor.print_preview", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Print Preview…"), nullptr},
    {"editor.write_pdf", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Write as PDF…"), nullptr},
    {"encoding.change", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Change the Encoding…"), nullptr},
    {"line_ending.change", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Change the Line Endings…"),
     nullptr},
    {"indentation.change", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Change the Indentation…"), nullptr},
    {"language.change", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Change the Language…"), "Ctrl+K, M"},
    {"snippets.own", QT_TRANSLATE_NOOP("berth::desktop::TabViews", "Own Snippets…"), nullptr},
};

bool is_drawing(const QString& path) { return path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive); }

}  // namespace

void add_tab_commands(KeyBindings* bindings) {
  for (const auto& command : tab_commands) {
    QList<QKeySequence> keys;
    if (command.key) keys.append(QKeySequence(QLatin1String(command.key), QKeySequence::PortableText));
    bindings->add(QLatin1String(command.id), TabViews::tr(command.title), keys);
  }
}

TabViews::TabViews(EditorTab* tab, client::Workspace* workspace, EditorArea* area)
    : QObject(tab), tab_(tab), workspace_(workspace), area_(area), button_(new QToolButton) {
  button_->setObjectName(QStringLiteral("preview"));
  button_->setIcon(Theme::icon(QStringLiteral("view-split-left-right")));
  button_->setToolTip(tr("Preview beside the text (Ctrl+K V)"));
  button_->setAccessibleName(tr("Preview"));
  button_->setCheckable(true);
  connect(button_, &QToolButton::clicked, this, [this] { togglePreview(true); });
  if (auto* head = tab->findChild<QFrame*>(QStringLiteral("editorHead")))
    static_cast<QBoxLayout*>(head->layout())->addWidget(button_);
  due_.setSingleShot(true);
  due_.setInterval(preview_pause);
  connect(&due_, &QTimer::timeout, this, &TabViews::showText);
  auto* editor = tab->editor();
  connect(editor, &CodeEditor::textLoaded, &due_, qOverload<>(&QTimer::start));
  connect(editor, &CodeEditor::edited, &due_, qOverload<>(&QTimer::start));
  connect(editor, &CodeEditor::changedByOthers, &due_, qOverload<>(&QTimer::start));
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, this, [this](int updated) {
    if (updated & QsciScintillaBase::SC_UPDATE_V_SCROLL && preview() && preview()->isVisible())
      followScrolling();
  });
  // The status bar tells of these.
  connect(editor, &CodeEditor::languageChanged, area, &EditorArea::currentChanged);
  connect(editor->findChild<Indentation*>(), &Indentation::changed, area, &EditorArea::currentChanged);
  connect(editor, &CodeEditor::languageChanged, this, &TabViews::refreshButton);
  connect(tab->document(), &client::Document::failed, this, &TabViews::failed);
  connect(tab->document(), &client::Document::pathChanged, this, &TabViews::refreshPath);
  addCommands();
  refreshPath();
  // The tab of another group may know already that it is no text.
  if (!tab->document()->isLoaded() && is_picture_name(tab->document()->path()) &&
      !is_drawing(tab->document()->path()))
    readPicture();
}

void TabViews::addCommands() {
  auto* commands = EditorCommands::of(tab_->editor());
  const auto add = [commands](const char* id, std::function<void()> run,
                              EditorCommand::Refusal refusal = {}) {
    const auto name = QString::fromLatin1(id);
    commands->add(
        {name, KeyBindings::instance()->title(name), {}, false, std::move(run), std::move(refusal)});
  };
  const auto popup = [this](auto fill) {
    auto* menu = new QMenu(tab_);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(menu);
    menu->popup(tab_->editor()->mapToGlobal(QPoint(tab_->editor()->width() / 3, 40)));
  };
  const auto no_preview = [this] {
    return hasPreview() ? QString() : tr("Markdown texts and SVG drawings have a preview.");
  };
  add("toggle_preview_of_file", [this] { togglePreview(false); }, no_preview);
  add("preview_to_the_side", [this] { togglePreview(true); }, no_preview);
  using Side = FileComparison::Side;
  add("compare.with_file", [this] {
    const auto path = tab_->document()->path();
    compare(Side::disk(path, tab_->document()->encoding()), Side::typed(tab_->editor(), path));
  });
  add("compare.with_clipboard",
      [this] { compare(Side::clipboard(), Side::selected(tab_->editor(), tab_->document()->path())); });
  add("editor.print",
      [this] { TextPrinting::askAndPrint(tab_->editor(), tab_->document()->path(), tab_->window()); });
  add("editor.print_preview",
      [this] { TextPrinting::preview(tab_->editor(), tab_->document()->path(), tab_->window()); });
  add("editor.write_pdf",
      [this] { TextPrinting::askAndWritePdf(tab_->editor(), tab_->document()->path(), tab_->window()); });
  add("encoding.change",
      [this, popup] { popup([this](QMenu* menu) { fill_encoding_menu(menu, tab_->document()); }); });
  add("line_ending.change",
      [this, popup] { popup([this](QMenu* menu) { fill_line_ending_menu(menu, tab_->document()); }); });
  add("indentation.change",
      [this, popup] { popup([this](QMenu* menu) { fill_indentation_menu(menu, tab_->editor()); }); });
  add("language.change", [this] { new LanguagePopup(tab_->editor(), tab_->window()); });
  add("snippets.own", [this] {
    auto* dialog = new SnippetsDialog(SnippetLibrary::idOf(tab_->editor()->language()), tab_->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
  });
}

void TabViews::compare(const FileComparison::Side& left, const FileComparison::Side& right) {
  auto* window = tab_->window();
  auto* comparison = new FileComparison(workspace_, left, right, window);
  connect(comparison, &FileComparison::failed, window, [window](const QString& text) {
    auto* box = new QMessageBox(QMessageBox::Information, tr("Compare"), text, QMessageBox::Ok, window);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
  });
}

void TabViews::refreshPath() {
  tab_->editor()->findChild<CodeFolding*>()->keepUnder(
      QStringLiteral("workspaces/%1/folds/%2")
          .arg(workspace_->id(), QString::fromLatin1(QUrl::toPercentEncoding(tab_->document()->path(), {},
                                                                             QByteArray("/.~-_")))));
  refreshButton();
}

bool TabViews::hasPreview() const {
  return tab_->editor()->language() == QLatin1String("Markdown") || is_drawing(tab_->document()->path());
}

void TabViews::refreshButton() {
  button_->setVisible(hasPreview());
  button_->setChecked(preview() && preview()->isVisibleTo(tab_));
}

MarkdownView* TabViews::markdown() const { return markdown_; }

ImageView* TabViews::drawing() const { return drawing_; }

ImageView* TabViews::picture() const { return picture_; }

QWidget* TabViews::preview() const {
  return markdown_ ? static_cast<QWidget*>(markdown_) : static_cast<QWidget*>(drawing_);
}

void TabViews::makePreview() {
  if (preview()) return;
  if (is_drawing(tab_->document()->path())) {
    drawing_ = new ImageView;
    connect(drawing_, &ImageView::readAgainWanted, this, &TabViews::showText);
    tab_->split()->addWidget(drawing_);
  } else {
    markdown_ = new MarkdownView;
    markdown_->setFetch([this](const QString& path, std::function<void(const QByteArray&)> done) {
      client::FileReading::read(workspace_->connection(), path, largest_picture, markdown_,
                                [done = std::move(done)](Result<QByteArray> bytes) {
                                  if (bytes) done(*bytes);
                                });
    });
    connect(markdown_, &MarkdownView::fileWanted, area_,
            [this](const QString& path) { area_->openFile(path); });
    connect(markdown_, &MarkdownView::addressWanted, this, &TabViews::followLink);
    tab_->split()->addWidget(markdown_);
  }
  tab_->split()->setSizes({500, 500});
  tab_->split()->setChildrenCollapsible(false);
}

void TabViews::togglePreview(bool aside) {
  if (!hasPreview() || !tab_->document()->isLoaded()) return;
  auto* text = tab_->split()->widget(0);
  const bool shown = preview() && preview()->isVisibleTo(tab_);
  if (shown && text->isVisibleTo(tab_) == aside) {
    preview()->hide();
    text->show();
    tab_->editor()->setFocus();
    return refreshButton();
  }
  makePreview();
  preview()->show();
  text->setVisible(aside);
  showText();
  aside ? tab_->editor()->setFocus() : preview()->setFocus();
  // Its keys are the editor's, which may not show.
  if (!aside) preview()->installEventFilter(EditorCommands::of(tab_->editor()));
  refreshButton();
}

void TabViews::showText() {
  if (!preview() || !preview()->isVisibleTo(tab_)) return;
  tab_->editor()->flushEdits();
  const auto text = tab_->editor()->text();
  const auto path = tab_->document()->path();
  if (drawing_) return drawing_->setPicture(QByteArray::fromStdString(text), path);
  markdown_->showMarkdown(QString::fromStdString(text), folder_of(path));
}

/// As far down as the text is.
void TabViews::followScrolling() {
  if (!markdown_) return;
  const auto sci = [this](unsigned message) { return tab_->editor()->SendScintilla(message); };
  const auto way = sci(QsciScintillaBase::SCI_GETLINECOUNT) - sci(QsciScintillaBase::SCI_LINESONSCREEN);
  if (way <= 0) return;
  auto* bar = markdown_->verticalScrollBar();
  bar->setValue(static_cast<int>(
      bar->maximum() * std::min(1.0, double(sci(QsciScintillaBase::SCI_GETFIRSTVISIBLELINE)) / way)));
}

void TabViews::failed(const Error& error) {
  if (error.code != ErrorCode::unsupported && error.code != ErrorCode::too_large) return;
  if (is_picture_name(tab_->document()->path())) readPicture();
}

void TabViews::readPicture() {
  const auto path = tab_->document()->path();
  if (!picture_) {
    picture_ = new ImageView;
    connect(picture_, &ImageView::readAgainWanted, this, &TabViews::readPicture);
  }
  tab_->showInstead(picture_);
  client::FileReading::read(workspace_->connection(), path, largest_picture, picture_,
                            [this, path](Result<QByteArray> bytes) {
                              if (bytes) return picture_->setPicture(*bytes, path);
                              picture_->setProblem(sentence(bytes.error()));
                            });
}

void TabViews::followLink(const QUrl& address) { QDesktopServices::openUrl(address); }

}  // namespace berth::desktop
