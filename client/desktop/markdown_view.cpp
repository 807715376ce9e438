// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/markdown_view.hpp"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QDir>
#include <QPointer>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextTable>
#include <QThreadPool>

#include "client/core/plain_tip.hpp"
#include "client/desktop/image_view.hpp"
#include "client/desktop/syntax.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int markdown_margin = 28;  // px around the text
constexpr qsizetype most_previewed_pictures = 200;
constexpr int again_pause = 120;  // ms

/// As GitHub makes anchors of headings.
QString anchor_of(const QString& heading) {
  QString anchor;
  for (const auto sign : heading.toLower()) {
    if (sign.isLetterOrNumber() || sign == u'-' || sign == u'_') anchor += sign;
    if (sign == u' ') anchor += u'-';
  }
  return anchor;
}

QImage placeholder() {
  QImage image(1, 1, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  return image;
}

}  // namespace

QString path_in_workspace(const QString& folder, const QUrl& link) {
  if (!link.scheme().isEmpty() || !link.host().isEmpty() || link.path().isEmpty()) return {};
  const auto path = link.path();
  if (path.startsWith(u'/') || path.contains(QChar(0))) return {};
  const auto clean = QDir::cleanPath(folder.isEmpty() ? path : folder + u'/' + path);
  return clean == u".." || clean.startsWith(QLatin1String("../")) || clean.startsWith(u'/') ? QString()
                                                                                            : clean;
}

MarkdownView::MarkdownView(QWidget* parent) : QTextBrowser(parent) {
  setObjectName(QStringLiteral("markdownView"));
  setAccessibleName(tr("Preview"));
  setFrameShape(QFrame::NoFrame);
  setOpenLinks(false);
  setOpenExternalLinks(false);
  setUndoRedoEnabled(false);
  document()->setDocumentMargin(markdown_margin);
  connect(this, &QTextBrowser::anchorClicked, this, &MarkdownView::follow);
  // Where a link leads is seen before it is followed.
  connect(this, &QTextBrowser::highlighted, this,
          [this](const QUrl& link) { setToolTip(client::plain_tip(link.toDisplayString())); });
  due_.setSingleShot(true);
  due_.setInterval(again_pause);
  connect(&due_, &QTimer::timeout, this, &MarkdownView::again);
  connect(Theme::instance(), &Theme::changed, this, &MarkdownView::again);
}

void MarkdownView::showMarkdown(const QString& markdown, const QString& folder) {
  if (folder != folder_) pictures_.clear();
  folder_ = folder;
  markdown_ = markdown;
  again();
}

void MarkdownView::again() {
  due_.stop();
  const auto at = verticalScrollBar()->value();
  QTextDocument::MarkdownFeatures features(QTextDocument::MarkdownDialectGitHub);
  features |= QTextDocument::MarkdownNoHTML;
  document()->setDefaultFont(Theme::instance()->uiFont(1.1));
  // What is known of the pictures is used again, in the size that fits now.
  document()->clear();
  document()->setMarkdown(
      markdown_.size() > largest_markdown ? tr("This text is too long for a preview.") : markdown_, features);
  document()->setDocumentMargin(markdown_margin);
  dress();
  verticalScrollBar()->setValue(at);
}

/// The looks that Qt's own reader of Markdown leaves out.
void MarkdownView::dress() {
  const auto& colors = Theme::instance()->colors();
  const auto code_font = Theme::instance()->codeFont();
  QTextCursor cursor(document());
  cursor.beginEditBlock();
  for (auto block = document()->begin(); block.isValid();) {
    auto format = block.blockFormat();
    cursor.setPosition(block.position());
    if (format.hasProperty(QTextFormat::BlockCodeFence) ||
        format.hasProperty(QTextFormat::BlockCodeLanguage)) {
      // Its lines are blocks of their own.
      const auto language = format.stringProperty(QTextFormat::BlockCodeLanguage);
      QStringList lines;
      auto end = block;
      while (end.isValid() &&
             (end.blockFormat().hasProperty(QTextFormat::BlockCodeFence) ||
              end.blockFormat().hasProperty(QTextFormat::BlockCodeLanguage)) &&
             end.blockFormat().stringProperty(QTextFormat::BlockCodeLanguage) == language) {
        lines.append(end.text());
        QTextCursor line(end);
        auto looks = end.blockFormat();
        looks.setBackground(colors.panel);
        looks.setLeftMargin(0);
        looks.setTopMargin(end == block ? 8 : 0);
        looks.setBottomMargin(0);
        line.setBlockFormat(looks);
        end = end.next();
      }
      dressCode(cursor, lines.join(u'\n'), language);
      block = end;
      continue;
    }
    if (format.headingLevel() > 0) {
      format.setTopMargin(18);
      format.setBottomMargin(6);
      cursor.setBlockFormat(format);
    } else if (!block.textList() && !cursor.currentTable()) {
      format.setBottomMargin(8);
      format.setLineHeight(135, QTextBlockFormat::ProportionalHeight);
      cursor.setBlockFormat(format);
    }
    std::vector<std::pair<int, int>> code;
    std::vector<std::pair<int, int>> links;
    for (auto piece = block.begin(); !piece.atEnd(); ++piece) {
      const auto looks = piece.fragment().charFormat();
      const std::pair place(piece.fragment().position(), piece.fragment().length());
      if (looks.fontFixedPitch()) code.push_back(place);
      if (looks.isAnchor()) links.push_back(place);
    }
    const auto dress_piece = [&](const std::pair<int, int>& place, const QTextCharFormat& looks) {
      cursor.setPosition(place.first);
      cursor.setPosition(place.first + place.second, QTextCursor::KeepAnchor);
      cursor.mergeCharFormat(looks);
    };
    QTextCharFormat as_code;
    as_code.setFontFamilies({code_font.family()});
    as_code.setBackground(colors.hover);
    for (const auto& place : code) dress_piece(place, as_code);
    QTextCharFormat as_link;
    as_link.setForeground(colors.accent);
    for (const auto& place : links) dress_piece(place, as_link);
    block = block.next();
  }
  cursor.endEditBlock();
}

void MarkdownView::dressCode(QTextCursor& cursor, const QString& text, const QString& language) {
  const auto& colors = Theme::instance()->colors();
  const auto family = Theme::instance()->codeFont().family();
  for (const auto& line :
       coloured_lines(text, definition_of_name(language), Theme::instance()->isDark(), colors.text)) {
    for (const auto& run : line) {
      QTextCharFormat looks;
      looks.setFontFamilies({family});
      looks.setForeground(run.colour);
      looks.setFontWeight(run.bold ? QFont::Bold : QFont::Normal);
      looks.setFontItalic(run.italic);
      const auto begin = cursor.position();
      cursor.setPosition(begin + static_cast<int>(run.text.size()), QTextCursor::KeepAnchor);
      cursor.mergeCharFormat(looks);
      cursor.setPosition(begin + static_cast<int>(run.text.size()));
    }
    cursor.movePosition(QTextCursor::NextBlock);
  }
}

QImage MarkdownView::fitting(QImage image) const {
  const auto scale = devicePixelRatioF();
  const auto room = std::max(80, viewport()->width() - 2 * markdown_margin);
  if (image.width() > room)
    image = image.scaledToWidth(static_cast<int>(room * scale), Qt::SmoothTransformation);
  if (image.width() > room) image.setDevicePixelRatio(scale);
  return image;
}

QVariant MarkdownView::loadResource(int type, const QUrl& name) {
  if (type != QTextDocument::ImageResource) return {};
  const auto path = path_in_workspace(folder_, name);
  if (path.isEmpty() || !is_picture_name(path) || !fetch_) return placeholder();
  if (const auto known = pictures_.constFind(path); known != pictures_.constEnd())
    return known->isNull() ? placeholder() : fitting(*known);
  if (pictures_.size() >= most_previewed_pictures) return placeholder();
  pictures_.insert(path, {});
  fetch_(path, [view = QPointer<MarkdownView>(this), path](const QByteArray& bytes) {
    QThreadPool::globalInstance()->start([view, path, bytes, application = QCoreApplication::instance()] {
      auto image = decode_picture(bytes, path).image;
      QMetaObject::invokeMethod(application, [view, path, image = std::move(image)] {
        if (!view || image.isNull() || !view->pictures_.contains(path)) return;
        view->pictures_[path] = image;
        view->due_.start();
      });
    });
  });
  return placeholder();
}

void MarkdownView::resizeEvent(QResizeEvent* event) {
  const bool wider = event->size().width() != event->oldSize().width();
  QTextBrowser::resizeEvent(event);
  if (wider && !pictures_.isEmpty()) due_.start();
}

void MarkdownView::follow(const QUrl& link) {
  if (link.scheme().isEmpty() && link.path().isEmpty()) return goToHeading(link.fragment());
  if (const auto path = path_in_workspace(folder_, link); !path.isEmpty()) return Q_EMIT fileWanted(path);
  static const QStringList followed{QStringLiteral("http"), QStringLiteral("https"),
                                    QStringLiteral("mailto")};
  if (followed.contains(link.scheme().toLower())) Q_EMIT addressWanted(link);
}

void MarkdownView::goToHeading(const QString& name) {
  const auto wanted = anchor_of(name);
  QHash<QString, int> met;  // a second heading of one name gets a number
  for (auto block = document()->begin(); block.isValid(); block = block.next()) {
    if (block.blockFormat().headingLevel() == 0) continue;
    auto anchor = anchor_of(block.text());
    if (const auto count = met[anchor]++; count > 0) anchor += QStringLiteral("-%1").arg(count);
    if (anchor != wanted) continue;
    const auto place = document()->documentLayout()->blockBoundingRect(block);
    return verticalScrollBar()->setValue(static_cast<int>(place.top()));
  }
}

}  // namespace berth::desktop
