// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_highlighter.hpp"
#include "client/core/base_name.hpp"

#include <Qsci/qsciscintillabase.h>

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>
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

ksh::Repository& repository() {
  static ksh::Repository repository;
  return repository;
}

ksh::Theme color_theme(bool dark) {
  auto theme = repository().theme(dark ? QStringLiteral("GitHub Dark") : QStringLiteral("GitHub Light"));
  if (theme.isValid()) return theme;
  return repository().defaultTheme(dark ? ksh::Repository::DarkTheme : ksh::Repository::LightTheme);
}

}  // namespace

class EditorHighlighter::Lines : public ksh::AbstractHighlighter {
 public:
  explicit Lines(QsciScintillaBase* editor) : editor_(editor) {}

  std::vector<ksh::State> states;  // at the end of each line styled so far

  void style(long line) {
    const auto bytes =
        static_cast<long>(editor_->SendScintilla(Sci::SCI_LINELENGTH, static_cast<unsigned long>(line)));
    const auto before = line > 0 && static_cast<std::size_t>(line) <= states.size()
                            ? states[static_cast<std::size_t>(line) - 1]
                            : ksh::State();
    styles_ = QByteArray(bytes, '\0');
    auto after = before;
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

 private:
  // Formats that look the same share a style: languages within languages have more of them than Scintilla
  // styles.
  int styleFor(const ksh::Format& format) {
    const auto color = format.hasTextColor(theme()) ? format.textColor(theme()).rgb() : QRgb(0);
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
  QByteArray styles_;  // of the line being styled, one a byte
  QString line_;
  bool ascii_ = true;
};

EditorHighlighter::EditorHighlighter(QsciScintillaBase* editor)
    : editor_(editor), lines_(std::make_unique<Lines>(editor)) {}

EditorHighlighter::~EditorHighlighter() = default;

void EditorHighlighter::setFileName(const QString& name) {
  lines_->setDefinition(repository().definitionForFileName(client::base_name(name)));
  lines_->defineStyles();
  restyle();
}

void EditorHighlighter::setText(const std::string& text) {
  off_ = text.size() > largest_text;
  if (lines_->definition().isValid() || off_) return restyle();
  const auto first = text.substr(0, std::min<std::size_t>(text.find('\n'), 200));
  if (first.starts_with("#!")) {
    for (const auto* name : {"Python", "Bash", "JavaScript", "Perl", "Ruby"})
      if (QString::fromStdString(first).contains(QLatin1String(name), Qt::CaseInsensitive) ||
          (QLatin1String(name) == QLatin1String("Bash") && first.ends_with("sh")))
        lines_->setDefinition(repository().definitionForName(QLatin1String(name)));
    lines_->defineStyles();
  }
  restyle();
}

void EditorHighlighter::applyTheme(bool dark) {
  lines_->setTheme(color_theme(dark));
  lines_->defineStyles();
  restyle();
}

void EditorHighlighter::restyle() {
  lines_->states.clear();
  editor_->SendScintilla(Sci::SCI_COLOURISE, 0ul, 0l);
  editor_->SendScintilla(Sci::SCI_STARTSTYLING, 0ul);
  editor_->viewport()->update();
}

QString EditorHighlighter::languageName() const {
  const auto definition = lines_->definition();
  return definition.isValid() && !definition.name().isEmpty() ? definition.translatedName()
                                                              : QStringLiteral("Plain text");
}

QString EditorHighlighter::language() const { return lines_->definition().name(); }

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
  for (; line <= last; ++line) lines_->style(line);
}

}  // namespace berth::desktop
