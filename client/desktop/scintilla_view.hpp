// SPDX-License-Identifier: GPL-3.0-or-later
// What every text shown by Scintilla has in common, to be typed in or only compared: fonts and colours of the
// theme, highlighting by the file's name, line heights.
#pragma once

#include <Qsci/qsciscintillabase.h>

#include <memory>

namespace berth::desktop {

class EditorHighlighter;

class ScintillaView : public QsciScintillaBase {
  Q_OBJECT

 public:
  ~ScintillaView() override;

  int fontSize() const { return font_size_; }  // px
  void setFontSize(int size);

 protected:
  /// Configured, but without the theme: the derived class calls applyTheme() once its own indicators are set.
  explicit ScintillaView(QWidget* parent);

  /// A message of Scintilla's, with numbers of its width.
  long sci(unsigned message, std::uintptr_t word = 0, std::intptr_t number = 0) const;
  /// Colours and fonts; called anew at each change of the theme.
  virtual void applyTheme();
  EditorHighlighter* highlighter() const { return highlighter_.get(); }

 private:
  int font_size_;
  std::unique_ptr<EditorHighlighter> highlighter_;
};

}  // namespace berth::desktop
