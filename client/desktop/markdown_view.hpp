// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown as it reads. Its text comes from anybody: no HTML of it is shown, nothing is fetched but pictures
// of the workspace, and links go where they say or nowhere.
#pragma once

#include <QTextBrowser>
#include <QTimer>
#include <functional>

namespace berth::desktop {

/// Where a link or picture of a text leads within the workspace; "" for one that leads out of it. `folder` is
/// that of the text.
QString path_in_workspace(const QString& folder, const QUrl& link);

class MarkdownView : public QTextBrowser {
  Q_OBJECT

 public:
  /// Fetches a file of the workspace; the answer comes when it does, or never.
  using Fetch = std::function<void(const QString& path, std::function<void(const QByteArray&)> done)>;

  explicit MarkdownView(QWidget* parent = nullptr);
  void setFetch(Fetch fetch) { fetch_ = std::move(fetch); }
  /// `folder`: of the text's file, for what it names.
  void showMarkdown(const QString& markdown, const QString& folder);
  /// To the heading of this name, as GitHub writes it in links.
  void goToHeading(const QString& name);

  static constexpr qsizetype largest_markdown = 1 << 20;  // characters

 Q_SIGNALS:
  /// A link to another file of the workspace.
  void fileWanted(const QString& path);
  /// A link that leads out: http, https or mailto.
  void addressWanted(const QUrl& address);

 protected:
  QVariant loadResource(int type, const QUrl& name) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void follow(const QUrl& link);
  void dress();
  void dressCode(QTextCursor& cursor, const QString& text, const QString& language);
  void again();
  QImage fitting(QImage image) const;

  Fetch fetch_;
  QString markdown_;
  QString folder_;
  QHash<QString, QImage> pictures_;  // by path; null ones are on their way
  QTimer due_;
};

}  // namespace berth::desktop
