// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/output.hpp"

#include <QDateTime>
#include <QLocale>
#include <QString>
#include <algorithm>
#include <cstdio>

#include "protocol/character_width.hpp"

namespace berth::cli {
namespace {

int columns_of(const std::string& text) {
  int columns = 0;
  const auto characters = QString::fromStdString(text).toUcs4();
  for (const auto character : characters) columns += protocol::character_width(character);
  return columns;
}

}  // namespace

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return exit_usage;
    case ErrorCode::unauthenticated:
      return exit_unauthenticated;
    case ErrorCode::permission_denied:
      return exit_permission_denied;
    case ErrorCode::not_found:
      return exit_not_found;
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
    case ErrorCode::stale_base:
      return exit_conflict;
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
      return exit_unavailable;
    case ErrorCode::too_large:
    case ErrorCode::limit_exceeded:
      return exit_limit;
    case ErrorCode::cancelled:
      return exit_interrupted;
    case ErrorCode::unsupported:
    case ErrorCode::internal:
      break;
  }
  return exit_failed;
}

std::string plain(std::string_view text) {
  auto out = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
  for (auto& character : out) {
    const auto code = character.unicode();
    if (code == u'\n' || code == u'\t' || code == u'\r') {
      character = u' ';
    } else if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
               (code >= 0x2066 && code <= 0x2069)) {
      character = QChar::ReplacementCharacter;  // also what turns the direction of text around
    }
  }
  return out.toStdString();
}

std::string local_time(std::int64_t unix_ms) {
  if (unix_ms <= 0) return "-";
  return QDateTime::fromMSecsSinceEpoch(unix_ms).toString(QStringLiteral("yyyy-MM-dd HH:mm")).toStdString();
}

std::string size_text(std::uint64_t bytes) {
  return QLocale::c().formattedDataSize(static_cast<qint64>(bytes)).toStdString();
}

void Table::print() const {
  std::vector<std::vector<std::string>> cells;
  std::vector<int> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    auto& shown = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      shown.push_back(plain(row[i]));
      widths[i] = std::max(widths[i], columns_of(shown.back()));
    }
  }
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(static_cast<std::size_t>(widths[i] - columns_of(row[i]) + 2), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::puts(line.c_str());
  }
}

void Output::print_json(const protocol::Json& value) {
  std::puts(value.dump(2, ' ', false, protocol::Json::error_handler_t::replace).c_str());
}

void Output::say(const std::string& line) const {
  if (!json && !quiet) std::puts(plain(line).c_str());
}

void Output::note(const std::string& line) const {
  if (!quiet) std::fprintf(stderr, "%s\n", plain(line).c_str());
}

int Output::fail(const Error& error) const {
  std::fflush(stdout);
  if (json) {
    const protocol::Json body{{"error",
                               {{"code", std::string(to_string(error.code))},
                                {"message", error.message},
                                {"data", protocol::encode(error.data)}}}};
    std::fprintf(stderr, "%s\n", body.dump(2, ' ', false, protocol::Json::error_handler_t::replace).c_str());
  } else {
    std::fprintf(stderr, "berthctl: %s\n", plain(error.message).c_str());
  }
  return exit_code_of(error.code);
}

}  // namespace berth::cli
