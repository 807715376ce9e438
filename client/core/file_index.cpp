// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_index.hpp"

#include <QSet>
#include <algorithm>

#include "client/core/file_tree.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr int most_files = 10'000;
constexpr int most_folders = 1'000;
constexpr int at_once = 4;  // folders listed beside each other: keys and terminals go on between them
constexpr std::uint32_t index_page = 2'000;

/// Folders that programs fill and people don't open by name; the tree shows them.
bool is_left_out(const QString& name) {
  static const QSet<QString> names{QStringLiteral(".git"),        QStringLiteral("node_modules"),
                                   QStringLiteral(".venv"),       QStringLiteral("venv"),
                                   QStringLiteral("__pycache__"), QStringLiteral(".cache"),
                                   QStringLiteral(".mypy_cache"), QStringLiteral("target")};
  return names.contains(name);
}

bool in_order(const QString& wanted, const QString& text) {
  qsizetype at = -1;
  return std::ranges::all_of(wanted, [&](QChar letter) { return (at = text.indexOf(letter, at + 1)) >= 0; });
}

}  // namespace

FileIndex::FileIndex(WorkspaceConnection* connection, QString root, QObject* parent)
    : QObject(parent), connection_(connection), root_(std::move(root)) {}

void FileIndex::walk() {
  if (walking_) return;
  walking_ = true;
  found_.clear();
  waiting_ = {root_};
  asked_ = pending_ = 0;
  next();
  Q_EMIT changed();
}

void FileIndex::next() {
  const bool enough = found_.size() >= most_files || asked_ >= most_folders;
  while (!enough && pending_ < at_once && asked_ < most_folders && !waiting_.isEmpty()) {
    const auto folder = waiting_.takeFirst();
    ++asked_;
    ++pending_;
    request<protocol::FileList>(connection_, {folder.toStdString(), {}, index_page}, this,
                                [this, folder](Result<protocol::FileList::Result> answer) {
                                  --pending_;
                                  // Gone meanwhile, not readable, or no connection: passed over.
                                  if (answer) take(folder, *answer);
                                  next();
                                });
  }
  if (pending_ == 0) finish();
}

void FileIndex::take(const QString& folder, const protocol::FileList::Result& answer) {
  using protocol::EntryType;
  for (const auto& entry : answer.entries) {
    const auto name = QString::fromStdString(entry.name);
    // A linked folder may lead back up: its files are found by the names they have without the link.
    if (entry.type == EntryType::directory) {
      if (!is_left_out(name)) waiting_.append(joined(folder, name));
    } else if (entry.type == EntryType::file ||
               (entry.type == EntryType::symlink && entry.target_type == EntryType::file)) {
      found_.append(joined(folder, name));
    }
  }
  if (found_.size() < files_.size()) return;  // what an earlier walk found is more
  files_ = found_.mid(0, most_files);
  Q_EMIT changed();
}

void FileIndex::finish() {
  walking_ = false;
  cut_ = !waiting_.isEmpty() || found_.size() > most_files;
  files_ = found_.mid(0, most_files);
  Q_EMIT changed();
}

std::optional<double> match_score(const QString& typed, const QString& path) {
  auto wanted = typed.toLower();
  wanted.removeIf([](QChar letter) { return letter.isSpace(); });
  const auto lower = path.toLower();
  const auto name = lower.section(QLatin1Char('/'), -1);
  const double shorter = -static_cast<double>(path.size()) / 1000;
  if (name == wanted) return 5 + shorter;
  if (name.startsWith(wanted)) return 4 + shorter;
  if (name.contains(wanted)) return 3 + shorter;
  if (lower.contains(wanted)) return 2 + shorter;
  if (in_order(wanted, name)) return 1 + shorter;
  if (in_order(wanted, lower)) return shorter;
  return {};
}

QStringList best_matches(const QString& typed, const QStringList& files, const QStringList& recent,
                         int most) {
  if (typed.trimmed().isEmpty()) {
    auto all = recent + files;
    all.removeDuplicates();
    return all.mid(0, most);
  }
  std::vector<std::pair<double, QString>> scored;
  for (const auto& path : files)
    if (const auto score = match_score(typed, path)) scored.emplace_back(*score, path);
  std::ranges::stable_sort(scored, [](const auto& a, const auto& b) { return a.first > b.first; });
  QStringList best;
  for (const auto& [score, path] : scored)
    if (best.size() < most) best.append(path);
  return best;
}

}  // namespace berth::client
