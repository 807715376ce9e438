// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_comparison.hpp"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>
#include <QTimer>
#include <QUrl>
#include <QWidget>
#include <utility>

#include "client/core/base_name.hpp"
#include "client/core/file_reading.hpp"
#include "client/core/history.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/file_text.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/text_comparison.hpp"

namespace berth::desktop {
namespace {

constexpr int comparison_patience = 45'000;  // ms
constexpr auto largest_compared_file = client::History::largest_compared;

QString url_part(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

std::string selection_of(CodeEditor* editor) {
  editor->flushEdits();
  const auto begin = editor->SendScintilla(QsciScintillaBase::SCI_GETSELECTIONSTART);
  const auto end = editor->SendScintilla(QsciScintillaBase::SCI_GETSELECTIONEND);
  return editor->text().substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

}  // namespace

using Side = FileComparison::Side;

Side Side::file(const QString& path) { return {From::file, path, protocol::Encoding::unknown, {}, {}}; }

Side Side::disk(const QString& path, protocol::Encoding encoding) {
  return {From::disk, path, encoding, {}, {}};
}

Side Side::version(const QString& path, const protocol::rest::Version& version) {
  return {From::version, path, protocol::Encoding::unknown, version, {}};
}

Side Side::typed(CodeEditor* editor, const QString& path) {
  return {From::typed, path, protocol::Encoding::unknown, {}, editor};
}

Side Side::selected(CodeEditor* editor, const QString& path) {
  const bool any = !editor->SendScintilla(QsciScintillaBase::SCI_GETSELECTIONEMPTY);
  return {any ? From::selected : From::typed, path, protocol::Encoding::unknown, {}, editor};
}

Side Side::clipboard() { return {From::clipboard, {}, protocol::Encoding::unknown, {}, {}}; }

FileComparison::FileComparison(client::Workspace* workspace, Side left, Side right, QWidget* parent)
    : QObject(parent),
      workspace_(workspace),
      window_(parent),
      left_(std::move(left)),
      right_(std::move(right)) {
  // Later, so that whoever made this hears what comes of it.
  QTimer::singleShot(0, this, [this] {
    get(left_, &FileComparison::left_text_);
    get(right_, &FileComparison::right_text_);
  });
}

void FileComparison::get(const Side& side, Text text) {
  switch (side.from) {
    case Side::From::typed:
      return got(text, {});  // when it is shown: what is typed meanwhile counts
    case Side::From::selected:
      return side.editor ? got(text, selection_of(side.editor)) : fail(tr("The text was closed."));
    case Side::From::clipboard: {
      const auto kept = QGuiApplication::clipboard()->text();
      if (kept.isEmpty()) return fail(tr("There is no text on the clipboard."));
      if (static_cast<std::uint64_t>(kept.size()) > largest_compared_file)
        return taken(side, text, failure(ErrorCode::too_large, {}));
      return got(text, kept.toStdString());
    }
    case Side::From::version:
      return fetch(side, text);
    case Side::From::file:
      for (auto* document : workspace_->documents()->all())
        if (document->path() == side.path && document->isLoaded())
          if (const auto typed = document->text()) return got(text, *typed);
      return read(side, text);
    case Side::From::disk:
      return read(side, text);
  }
}

void FileComparison::read(const Side& side, Text text) {
  client::FileReading::read(workspace_->connection(), side.path, largest_compared_file, this,
                            [this, side, text](Result<QByteArray> bytes) { taken(side, text, bytes); });
}

void FileComparison::fetch(const Side& side, Text text) {
  const auto path = QStringLiteral("/api/v1/workspaces/%1/versions/%2/file?path=%3")
                        .arg(url_part(workspace_->id()), url_part(QString::fromStdString(side.at->id)),
                             url_part(side.path));
  workspace_->server()->send(
      {"GET", path, {}, comparison_patience, static_cast<qint64>(largest_compared_file)}, this,
      [this, side, text](const Result<QByteArray>& bytes) { taken(side, text, bytes); });
}

void FileComparison::taken(const Side& side, Text text, const Result<QByteArray>& bytes) {
  const auto name = side.path.isEmpty() ? nameOf(side) : client::base_name(side.path);
  if (bytes) {
    if (auto decoded = text_of_file(*bytes, side.encoding)) return got(text, std::move(*decoded));
    return fail(tr("%1 is no text.").arg(name));
  }
  if (side.at && bytes.error().code == ErrorCode::not_found) return got(text, {});
  if (bytes.error().code == ErrorCode::too_large)
    return fail(tr("%1 is too large to compare here: up to %2 are compared.")
                    .arg(name, QLocale().formattedDataSize(static_cast<qint64>(largest_compared_file), 0)));
  fail(tr("%1: %2").arg(name, sentence(bytes.error())));
}

void FileComparison::got(Text side, std::string text) {
  if (over_) return;
  this->*side = std::move(text);
  if (left_text_ && right_text_) show();
}

void FileComparison::show() {
  for (const auto& [side, text] : {std::pair(&left_, &left_text_), std::pair(&right_, &right_text_)}) {
    if (side->from != Side::From::typed) continue;
    if (!side->editor) return fail(tr("The text was closed."));
    side->editor->flushEdits();
    *text = side->editor->text();
  }
  if (left_.from == Side::From::disk && *left_text_ == *right_text_)
    return fail(tr("The text is as its file on the disk."));
  if (std::exchange(over_, true)) return;
  auto* window =
      new TextComparison(title(), {nameOf(left_), std::move(*left_text_)},
                         {nameOf(right_), std::move(*right_text_)}, client::base_name(right_.path), window_);
  window->show();
  Q_EMIT shown(window);
  deleteLater();
}

void FileComparison::fail(const QString& sentence) {
  if (std::exchange(over_, true)) return;
  Q_EMIT failed(sentence);
  deleteLater();
}

QString FileComparison::title() const {
  const auto name = client::base_name(right_.path);
  if (left_.from == Side::From::clipboard) return tr("Clipboard and %1").arg(name);
  if (left_.path == right_.path) return tr("%1: %2 and %3").arg(name, nameOf(left_), nameOf(right_));
  return tr("%1 and %2").arg(client::base_name(left_.path), name);
}

QString FileComparison::nameOf(const Side& side) const {
  switch (side.from) {
    case Side::From::clipboard:
      return tr("Clipboard");
    case Side::From::selected:
      return tr("Selected here");
    case Side::From::typed:
      return tr("Here");
    case Side::From::disk:
      return tr("On the disk");
    case Side::From::file:
      return left_.path == right_.path ? tr("Now") : side.path;
    case Side::From::version:
      break;
  }
  if (!side.at->name.empty()) return QString::fromStdString(side.at->name);
  return QLocale().toString(QDateTime::fromMSecsSinceEpoch(side.at->created), QLocale::ShortFormat);
}

}  // namespace berth::desktop
