// SPDX-License-Identifier: GPL-3.0-or-later
// A snippet put into a text, and the way through its stops: Tab and Shift+Tab, all places of a stop typed
// into at once, choices as a list. It ends at the last stop, with Escape, or when the cursor goes elsewhere.
#pragma once

#include "client/desktop/editor_feature.hpp"
#include "client/desktop/snippet.hpp"

namespace berth::desktop {

class SnippetSession : public EditorFeature {
  Q_OBJECT

 public:
  explicit SnippetSession(CodeEditor* editor);

  /// In place of these bytes of the text.
  void insert(const QString& body, long begin, long end);
  /// A list of all snippets of the language; the chosen one comes to the cursor.
  void offerAll();
  bool isActive() const { return !stops_.empty(); }

  /// Scintilla's id of the list of choices and that of snippets.
  static constexpr int choice_list = 41;
  static constexpr int snippet_list = 42;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Place {
    std::int64_t begin;  // UTF-16 units
    std::int64_t end;
    std::optional<SnippetTransform> transform;
  };
  struct Stop {
    std::vector<Place> places;
    QStringList choices;
  };

  SnippetSurroundings surroundings(long begin) const;
  std::optional<QString> variable(const QString& name, long begin) const;
  void go(int by);
  void select(const Stop& stop);
  void leave(const Stop& stop);
  void choose(const QString& choice);
  void typed(const client::LocalEdit& edit);
  void changedByOthers(const protocol::TextOperation& operation);
  void lookWhereTheCursorIs();
  void show();
  void end();

  std::vector<Stop> stops_;
  std::size_t at_ = 0;
  bool working_ = false;  // changes of its own move places, but not the session
  QString selected_;      // before the snippet came
};

}  // namespace berth::desktop
