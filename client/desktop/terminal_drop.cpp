// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_drop.hpp"

#include <QFileInfo>
#include <QMimeData>
#include <QRegularExpression>
#include <memory>

#include "client/core/file_tree.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_view.hpp"

namespace berth::desktop {
namespace {

constexpr int most_dropped = 200;  // names of one drop

QString escaped_byte(unsigned char byte) {
  return QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

}  // namespace

QString shell_word(const QString& path) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./+@%:,-][A-Za-z0-9_./+@%:,=-]*$"),
                                        QRegularExpression::DontCaptureOption);
  // A word that begins with a dash would be an option.
  const auto name = path.startsWith(u'-') ? QStringLiteral("./") + path : path;
  if (plain.match(name).hasMatch()) return name;
  const bool controls =
      std::ranges::any_of(name, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
  if (!controls) {
    auto quoted = name;
    return u'\'' + quoted.replace(QLatin1Char('\''), QLatin1String("'\\''")) + u'\'';
  }
  // A key pressed by a file's name: written so that nothing but the shell's reader makes it one again.
  QString word = QStringLiteral("$'");
  for (const char byte : name.toUtf8()) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code >= 0x7f)
      word += escaped_byte(code);
    else if (byte == '\'' || byte == '\\')
      word += QStringLiteral("\\%1").arg(QLatin1Char(byte));
    else
      word += QLatin1Char(byte);
  }
  return word + u'\'';
}

QString shell_path(const QString& path, const QString& home, const QString& directory) {
  const auto absolute = home + QLatin1Char('/') + path;
  const auto here = directory + QLatin1Char('/');
  return shell_word(!directory.isEmpty() && absolute.startsWith(here) ? absolute.sliced(here.size())
                                                                      : absolute);
}

TerminalDrop::TerminalDrop(client::Workspace* workspace, QObject* parent)
    : QObject(parent), workspace_(workspace) {}

void TerminalDrop::insertPaths(TerminalView* view, const QStringList& paths) {
  const auto& hello = workspace_->connection()->hello();
  if (paths.isEmpty() || !hello) return;
  QStringList words;
  for (const auto& path : paths)
    words.append(shell_path(path, QString::fromStdString(hello->home), view->directory()));
  view->insert(words.join(u' ') + u' ');
  view->setFocus();
}

void TerminalDrop::drop(TerminalView* view, const QMimeData* data) {
  const auto& hello = workspace_->connection()->hello();
  if (!hello || !workspace_->mayEdit()) return;
  if (data->hasFormat(QLatin1String(tree_paths_mime)))
    return insertPaths(view, QString::fromUtf8(data->data(QLatin1String(tree_paths_mime)))
                                 .split(u'\n', Qt::SkipEmptyParts)
                                 .mid(0, most_dropped));
  QList<QUrl> files;
  for (const auto& url : data->urls())
    if (url.isLocalFile() && files.size() < most_dropped) files.append(url);
  if (files.isEmpty()) {
    if (data->hasText()) view->pasteText(data->text());
    return;
  }
  const auto home = QString::fromStdString(hello->home) + QLatin1Char('/');
  const auto directory = view->directory() + QLatin1Char('/');
  if (!directory.startsWith(home) && directory != QLatin1String("/"))
    return view->bar()->show(
        MessageBar::Kind::warning,
        tr("Files can be put below your home folder only; this shell is in %1.").arg(view->directory()), {},
        true);
  // Where a shell does not tell its folder, it is most likely where it began.
  upload(view, files,
         directory == QLatin1String("/") ? QStringLiteral("project")
                                         : directory.mid(home.size()).chopped(directory == home ? 0 : 1));
}

/// Nothing that is there already is replaced without a question.
void TerminalDrop::upload(TerminalView* view, const QList<QUrl>& files, const QString& folder) {
  struct Looks {
    qsizetype left;
    QStringList there;
  };
  const auto looks = std::make_shared<Looks>(files.size());
  const QPointer<TerminalView> target(view);
  for (const auto& file : files) {
    const auto name = QFileInfo(file.toLocalFile()).fileName();
    workspace_->files()->stat(
        client::joined(folder, name), this,
        [this, target, files, folder, name, looks](Result<protocol::FileStat::Result> answer) {
          if (answer) looks->there.append(name);
          if (--looks->left > 0 || !target) return;
          if (looks->there.isEmpty()) return send(target, files, folder, false);
          auto* bar = target->bar();
          const auto question =
              looks->there.size() == 1
                  ? tr("%1 is there already.").arg(looks->there.first())
                  : tr("%n of these are there already.", nullptr, static_cast<int>(looks->there.size()));
          bar->show(MessageBar::Kind::info, question,
                    {{tr("Replace"),
                      [this, target, files, folder, bar] {
                        bar->hide();
                        if (target) send(target, files, folder, true);
                      }},
                     {tr("Use What Is There"),
                      [this, target, files, folder, bar] {
                        bar->hide();
                        QStringList paths;
                        for (const auto& one : files)
                          paths.append(client::joined(folder, QFileInfo(one.toLocalFile()).fileName()));
                        if (target) insertPaths(target, paths);
                      }}},
                    true);
        });
  }
}

void TerminalDrop::send(TerminalView* view, const QList<QUrl>& files, const QString& folder, bool replace) {
  auto* transfers = workspace_->transfers();
  const QPointer<TerminalView> target(view);
  // It goes with the view that waits, or once all is there.
  auto* waiting = new QObject(view);
  connect(transfers, &client::Transfers::activeChanged, waiting,
          [this, waiting, transfers, target, files, folder] {
            if (transfers->active() > 0) return;
            waiting->deleteLater();
            disconnect(transfers, nullptr, waiting, nullptr);
            // What failed is told by the list of transfers; what came is named here.
            struct Arrived {
              qsizetype left;
              QStringList paths;
            };
            const auto arrived = std::make_shared<Arrived>(files.size());
            for (const auto& file : files) {
              const auto path = client::joined(folder, QFileInfo(file.toLocalFile()).fileName());
              workspace_->files()->stat(
                  path, this, [this, target, path, arrived](Result<protocol::FileStat::Result> answer) {
                    if (answer) arrived->paths.append(path);
                    if (--arrived->left == 0 && target) insertPaths(target, arrived->paths);
                  });
            }
          });
  transfers->upload(files, folder, replace);
}

}  // namespace berth::desktop
