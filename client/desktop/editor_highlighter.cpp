// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_highlighter.hpp"

#include "client/core/base_name.hpp"
#include "client/desktop/syntax.hpp"
#include "client/desktop/theme_colors.hpp"

#include <Qsci/qsciscintillabase.h>

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/FoldingRegion>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>
#include <QRegularExpression>
#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace berth::desktop {
namespace {

using Sci = QsciScintillaBase;
namespace ksh = KSyntaxHighlighting;

constexpr std::size_t largest_text = 16u << 20;  // bytes that are coloured
constexpr long longest_line = 64 << 10;          // bytes
constexpr int first_style = 40;                  // above Scintilla's own
constexpr int last_style = 127;
constexpr std::size_t opening_bytes = 400;  // of a text, that may tell its language

}  // namespace

class EditorHighlighter::Lines : public ksh::AbstractHighlighter {
 public:
  explicit Lines(QsciScintillaBase* editor) : editor_(editor) {}

  std::vector<ksh::State> states;       // at the end of each line styled so far
  std::vector<std::vector<int>> folds;  // of each of these

  void style(long line) {
    const auto bytes =
        static_cast<long>(editor_->SendScintilla(Sci::SCI_LINELENGTH, static_cast<unsigned long>(line)));
    const auto before = line > 0 && static_cast<std::size_t>(line) <= states.size()
                            ? states[static_cast<std::size_t>(line) - 1]
                            : ksh::State();
    styles_ = QByteArray(bytes, '\0');
    auto after = before;
    folds_.clear();
    if (bytes > 0 && bytes <= longest_line) {
      QByteArray text(bytes, '\0');
      editor_->SendScintilla(Sci::SCI_GETLINE, static_cast<unsigned long>(line),
                             static_cast<void*>(text.data()));
      if (text.endsWith('\n')) text.chop(1);
      line_ = QString::fromUtf8(text);
      ascii_ = line_.size() == text.size();
      after = highlightLine(line_, before);
    }
    states.resize(static_cast<std::size_t>(line) + 1);
    states[static_cast<std::size_t>(line)] = after;
    folds.resize(static_cast<std::size_t>(line) + 1);
    folds[static_cast<std::size_t>(line)] = folds_;
    if (bytes > 0)
      editor_->SendScintilla(Sci::SCI_SETSTYLINGEX, static_cast<unsigned long>(bytes),
                             static_cast<const char*>(styles_.constData()));
  }

  /// Gives every format of the language its style now: while Scintilla paints (when it asks for styling) a
  /// style must not change, or its assertions end the program.
  void defineStyles() {
    styles_of_.clear();
    styles_by_look_.clear();
    if (!definition().isValid()) return;
    auto definitions = definition().includedDefinitions();
    definitions.prepend(definition());
    for (const auto& part : std::as_const(definitions))
      for (const auto& format : part.formats()) styles_of_.insert(format.id(), styleFor(format));
  }

 protected:
  void applyFormat(int offset, int length, const ksh::Format& format) override {
    if (length <= 0) return;
    const auto number = static_cast<char>(styles_of_.value(format.id(), 0));
    qsizetype begin = offset;
    qsizetype end = offset + length;
    if (!ascii_) {
      begin = QStringView(line_).first(offset).toUtf8().size();
      end = begin + QStringView(line_).mid(offset, length).toUtf8().size();
    }
    end = std::min(end, styles_.size());
    for (auto i = begin; i < end; ++i) styles_[i] = number;
  }

  /// A region that begins and ends in one line is none.
  void applyFolding(int, int, ksh::FoldingRegion region) override {
    if (region.type() == ksh::FoldingRegion::Begin) return folds_.push_back(region.id());
    const auto begun = std::find(folds_.rbegin(), folds_.rend(), region.id());
    if (begun == folds_.rend())
      folds_.push_back(-region.id());
    else
      folds_.erase(std::next(begun).base());
  }

 private:
  // Formats that look the same share a style: languages within languages have more of them than Scintilla
  // styles.
  int styleFor(const ksh::Format& format) {
    const auto color =
        format.hasTextColor(theme()) ? readable_color(format.textColor(theme())).rgb() : QRgb(0);
    const std::tuple look(color, format.isBold(theme()), format.isItalic(theme()));
    if (const auto known = styles_by_look_.find(look); known != styles_by_look_.end()) return known->second;
    const auto number = first_style + static_cast<int>(styles_by_look_.size());
    if (number > last_style) return 0;
    styles_by_look_.emplace(look, number);
    const auto style = static_cast<unsigned long>(number);
    if (color != 0) editor_->SendScintilla(Sci::SCI_STYLESETFORE, style, QColor(color));
    editor_->SendScintilla(Sci::SCI_STYLESETBOLD, style, static_cast<long>(format.isBold(theme())));
    editor_->SendScintilla(Sci::SCI_STYLESETITALIC, style, static_cast<long>(format.isItalic(theme())));
    return number;
  }

  QsciScintillaBase* editor_;
  QHash<int, int> styles_of_;  // Format::id → Scintilla's style
  std::map<std::tuple<QRgb, bool, bool>, int> styles_by_look_;
  QByteArray styles_;       // of the line being styled, one a byte
  std::vector<int> folds_;  // of it
  QString line_;
  bool ascii_ = true;
};

EditorHighlighter::EditorHighlighter(QsciScintillaBase* editor)
    : editor_(editor), lines_(std::make_unique<Lines>(editor)) {}

EditorHighlighter::~EditorHighlighter() = default;

void EditorHighlighter::setFileName(const QString& name) {
  file_name_ = client::base_name(name);
  recognise();
}

void EditorHighlighter::setLanguage(const QString& name) {
  chosen_ = name;
  recognise();
}

void EditorHighlighter::setText(const std::string& text) {
  off_ = text.size() > largest_text;
  opening_ = text.substr(0, opening_bytes);
  recognise();
}

/// What the person chose, else what the name says, else what the text begins with.
void EditorHighlighter::recognise() {
  auto definition = syntax_repository().definitionForName(chosen_);
  if (!definition.isValid()) definition = definition_of_file(file_name_);
  if (!definition.isValid()) definition = definition_of_opening(opening_);
  if (definition != lines_->definition()) {
    lines_->setDefinition(definition);
    lines_->defineStyles();
  }
  restyle();
}

QStringList EditorHighlighter::languages() {
  QStringList names;
  for (const auto& definition : syntax_repository().definitions())
    if (!definition.isHidden() && !definition.name().isEmpty()) names.append(definition.name());
  names.sort(Qt::CaseInsensitive);
  return names;
}

bool EditorHighlighter::knowsFolds() const {
  const auto definition = lines_->definition();
  return !off_ && definition.isValid() && definition.foldingEnabled() &&
         !definition.indentationBasedFoldingEnabled();
}

long EditorHighlighter::styledLines() const { return static_cast<long>(lines_->folds.size()); }

const std::vector<int>& EditorHighlighter::foldsOf(long line) const {
  return lines_->folds[static_cast<std::size_t>(line)];
}

void EditorHighlighter::applyTheme(bool dark) {
  lines_->setTheme(syntax_theme(dark));
  lines_->defineStyles();
  restyle();
}

void EditorHighlighter::restyle() {
  lines_->states.clear();
  lines_->folds.clear();
  editor_->SendScintilla(Sci::SCI_COLOURISE, 0ul, 0l);
  editor_->SendScintilla(Sci::SCI_STARTSTYLING, 0ul);
  editor_->viewport()->update();
}

QString EditorHighlighter::languageName() const {
  const auto definition = lines_->definition();
  return definition.isValid() && !definition.name().isEmpty() ? definition.translatedName()
                                                              : QStringLiteral("Plain text");
}

QString EditorHighlighter::language() const {
  const auto definition = lines_->definition();
  return definition.isValid() ? definition.name() : QString();
}

CommentMarks EditorHighlighter::commentMarks() const {
  const auto definition = lines_->definition();
  const auto [open, close] = definition.multiLineCommentMarker();
  return {definition.singleLineCommentMarker().toStdString(), open.toStdString(), close.toStdString()};
}

void EditorHighlighter::styleTo(int position) {
  const auto end_styled = editor_->SendScintilla(Sci::SCI_GETENDSTYLED);
  auto line = editor_->SendScintilla(Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(end_styled));
  const auto last = editor_->SendScintilla(Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(position));
  // Where states are missing (another file name), begin again from the last line that has one.
  line = std::min(line, static_cast<long>(lines_->states.size()));
  const auto start = editor_->SendScintilla(Sci::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
  editor_->SendScintilla(Sci::SCI_STARTSTYLING, static_cast<unsigned long>(start));
  if (off_ || !lines_->definition().isValid()) {
    editor_->SendScintilla(Sci::SCI_SETSTYLING, static_cast<unsigned long>(position - start), 0l);
    return;
  }
  const auto first = line;
  for (; line <= last; ++line) lines_->style(line);
  if (onStyled) onStyled(first);
}

}  // namespace berth::desktop
