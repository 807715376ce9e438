// SPDX-License-Identifier: GPL-3.0-or-later
// How deep a text's lines go, by what: found out from the text when it is loaded, else as the person chose,
// else as the language has it.
#pragma once

#include <QVariant>
#include <optional>
#include <string_view>

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

struct Indent {
  bool tabs;
  int width;  // columns of one step
  bool operator==(const Indent&) const = default;
};

/// By the first 10,000 lines; nothing where too few of them are indented to tell.
std::optional<Indent> indent_of_text(std::string_view text);

class Indentation : public EditorFeature {
  Q_OBJECT

 public:
  explicit Indentation(CodeEditor* editor);
  Indent now() const;
  void use(Indent indent);
  /// Finds it out anew: the text or its language is another one.
  void look();
  /// "Spaces: 4".
  QString words() const;

 Q_SIGNALS:
  void changed();

 private:
  /// What the person wants, to see that it is another now.
  static QVariantList chosen();
  QVariantList chosen_;
};

}  // namespace berth::desktop
