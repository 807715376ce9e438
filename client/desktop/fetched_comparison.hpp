// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts of the workspace fetched and laid side by side in a window: two files, or a file as a version has
// it. What is typed and not yet written counts where a file is open.
#pragma once

#include <QObject>
#include <optional>
#include <string>

#include "protocol/rest_history.hpp"

class QWidget;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TextComparison;

class FetchedComparison : public QObject {
  Q_OBJECT

 public:
  struct Side {
    QString path;
    std::optional<protocol::rest::Version> version;  // as it is now, without one
    static Side file(const QString& path) { return {path, {}}; }
    static Side at(const QString& path, const protocol::rest::Version& version) { return {path, version}; }
  };

  /// `parent` is the window's, and this goes with it, or once both texts are shown. A file that the version
  /// does not have is an empty text.
  FetchedComparison(client::Workspace* workspace, Side left, Side right, QWidget* parent);

 Q_SIGNALS:
  /// It can't be shown, and why.
  void failed(const QString& sentence);
  void shown(berth::desktop::TextComparison* window);

 private:
  using Text = std::optional<std::string> FetchedComparison::*;
  void fetch(const Side& side, Text text);
  void fetched(Text side, std::string text);
  void fail(const QString& sentence);
  QString nameOf(const Side& side) const;

  client::Workspace* workspace_;
  QWidget* window_;
  Side left_;
  Side right_;
  std::optional<std::string> left_text_;
  std::optional<std::string> right_text_;
  bool over_ = false;
};

}  // namespace berth::desktop
