// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts got from wherever they are and laid side by side in a window: what is typed, its file on the
// disk, the clipboard, two files of the workspace, a file as a version has it.
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <optional>

#include "client/desktop/code_editor.hpp"
#include "protocol/rest_history.hpp"

class QWidget;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TextComparison;

class FileComparison : public QObject {
  Q_OBJECT

 public:
  struct Side {
    enum class From { file, disk, version, typed, selected, clipboard };
    From from = From::file;
    QString path;
    protocol::Encoding encoding = protocol::Encoding::unknown;
    std::optional<protocol::rest::Version> at;
    QPointer<CodeEditor> editor;

    /// As it is now: what is typed and not yet written counts where it is open.
    static Side file(const QString& path);
    /// As it was written last.
    static Side disk(const QString& path, protocol::Encoding encoding);
    static Side version(const QString& path, const protocol::rest::Version& version);
    /// When the other side is there.
    static Side typed(CodeEditor* editor, const QString& path);
    /// What is selected in it now; all of it where nothing is.
    static Side selected(CodeEditor* editor, const QString& path);
    static Side clipboard();
  };

  /// `parent` is the window's, and this goes with it, or once both texts are shown. A file that the version
  /// does not have is an empty text.
  FileComparison(client::Workspace* workspace, Side left, Side right, QWidget* parent);

 Q_SIGNALS:
  /// It can't be shown, or there is nothing to see, and why.
  void failed(const QString& sentence);
  void shown(berth::desktop::TextComparison* window);

 private:
  using Text = std::optional<std::string> FileComparison::*;
  void get(const Side& side, Text text);
  void read(const Side& side, Text text);
  void fetch(const Side& side, Text text);
  void taken(const Side& side, Text text, const Result<QByteArray>& bytes);
  void got(Text side, std::string text);
  void show();
  void fail(const QString& sentence);
  QString nameOf(const Side& side) const;
  QString title() const;

  client::Workspace* workspace_;
  QWidget* window_;
  Side left_;
  Side right_;
  std::optional<std::string> left_text_;
  std::optional<std::string> right_text_;
  bool over_ = false;
};

}  // namespace berth::desktop
