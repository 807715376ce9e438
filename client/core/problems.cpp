// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/problems.hpp"

#include <QDir>
#include <algorithm>

#include "client/core/terminal_lines.hpp"
#include "client/core/workspace.hpp"

namespace berth::client {
namespace {

constexpr int problem_gathering = 100;  // ms

}  // namespace

struct Problems::Source {
  Source(Problems* owner, Terminal* its)
      : terminal(its),
        matcher([owner, this](Problem problem) { owner->take(this, std::move(problem)); }),
        lines({[this](const QString& line) { matcher.feed(line); },
               [this](const QString& absolute) { directory = absolute; },
               [owner, this] {
                 matcher.reset();
                 if (problems.isEmpty()) return;
                 problems.clear();  // of the command before
                 owner->due_.start();
               }}) {}
  Terminal* terminal;
  QString directory;  // absolute; "" before the shell told it
  QList<Problem> problems;
  ProblemMatcher matcher;
  TerminalLines lines;
};

Problems::Problems(Workspace* workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
  due_.setSingleShot(true);
  due_.setInterval(problem_gathering);
  connect(&due_, &QTimer::timeout, this, &Problems::collect);
  auto* terminals = workspace->terminals();
  for (auto* terminal : terminals->all()) watch(terminal);
  connect(terminals, &Terminals::added, this, &Problems::watch);
  connect(terminals, &Terminals::removed, this, [this](Terminal* terminal) {
    sources_.erase(terminal);
    due_.start();
  });
}

Problems::~Problems() = default;

void Problems::watch(Terminal* terminal) {
  auto& source = sources_[terminal];
  source = std::make_unique<Source>(this, terminal);
  connect(terminal, &Terminal::taken, this, [this, terminal](const QByteArray& bytes, bool picture) {
    const auto known = sources_.find(terminal);
    // A picture of the screen is of what ran before; and it has no lines, but rows.
    if (known != sources_.end() && !picture) known->second->lines.feed(bytes);
  });
}

QString Problems::resolve(const Source& source, const QString& told) const {
  const auto& hello = workspace_->connection()->hello();
  if (!hello) return {};
  const auto home = QString::fromStdString(hello->home);
  auto from = source.matcher.directory();
  if (from.isEmpty()) from = source.directory;
  // Commands begin in the project.
  if (from.isEmpty()) from = home + QStringLiteral("/project");
  const auto absolute = QDir::cleanPath(told.startsWith(u'/') ? told : from + u'/' + told);
  const auto within = home + u'/';
  return absolute.startsWith(within) ? absolute.mid(within.size()) : QString();
}

void Problems::take(Source* source, Problem problem) {
  if (source->problems.size() >= most) return;
  problem.path = resolve(*source, problem.path);
  if (problem.path.isEmpty() || source->problems.contains(problem)) return;
  source->problems.append(std::move(problem));
  if (!due_.isActive()) due_.start();
}

void Problems::collect() {
  QList<Problem> all;
  for (const auto& [terminal, source] : sources_)
    for (const auto& problem : source->problems)
      if (all.size() < most && !all.contains(problem)) all.append(problem);
  std::ranges::stable_sort(all, [](const Problem& a, const Problem& b) {
    return std::tie(a.path, a.line, a.column) < std::tie(b.path, b.line, b.column);
  });
  if (std::exchange(all_, all) != all) Q_EMIT changed();
}

QList<Problem> Problems::of(const QString& path) const {
  QList<Problem> out;
  for (const auto& problem : all_)
    if (problem.path == path) out.append(problem);
  return out;
}

void Problems::clear() {
  for (const auto& [terminal, source] : sources_) source->problems.clear();
  collect();
}

}  // namespace berth::client
