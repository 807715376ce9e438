// SPDX-License-Identifier: GPL-3.0-or-later
// Offers words that the text has already, and the language's snippets, while one of them is typed.
#pragma once

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

/// Words of `text` (UTF-8) that go on after `begun`, the nearest to byte `at` first, each once.
std::vector<std::string> words_beginning(std::string_view text, std::string_view begun, std::size_t at,
                                         std::size_t most);

class WordCompletion : public EditorFeature {
  Q_OBJECT

 public:
  explicit WordCompletion(CodeEditor* editor);
  bool isShown() const { return sci(Sci::SCI_AUTOCACTIVE); }
  /// `asked`: by the person, who is then also given what fits after no letter at all.
  void offerWords(bool asked);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void typed(int character);
  QStringList snippetsBeginning(const QString& begun, bool whole) const;
  void taken(const QString& title, long begin);

  QStringList snippets_;  // titles in the list that shows
  bool asked_ = false;    // the list that shows was asked for
  bool chosen_ = false;   // … or walked in
};

}  // namespace berth::desktop
