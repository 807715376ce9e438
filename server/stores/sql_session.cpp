// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_session.hpp"

#include <algorithm>
#include <string_view>

#include "protocol/text_operation.hpp"

namespace berth::server {
namespace {

constexpr std::size_t most_kept = 200;  // statements of a connection; there are fewer than that
constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Bytes of the UTF-8 sequence that `text` begins with; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= text.size() && protocol::is_valid_utf8(text.substr(0, length)) ? length : 0;
}

}  // namespace

SqlStatement::SqlStatement(SqlSession& session, std::string query)
    : session_(&session), query_(std::move(query)), statement_(session.take(query_)) {}

SqlStatement::SqlStatement(SqlStatement&& other) noexcept
    : session_(other.session_),
      query_(std::move(other.query_)),
      statement_(std::move(other.statement_)),
      texts_(std::move(other.texts_)),
      bound_(other.bound_) {}

SqlStatement::~SqlStatement() {
  if (statement_) session_->give_back(query_, std::move(statement_));
}

void SqlStatement::make_ready() {
  if (!std::exchange(bound_, true)) statement_->define_and_bind();
  for (const auto* text : texts_)
    if (text->find('\0') != text->npos) throw SqlRefusedValue("A text may not hold the character NUL.");
}

bool SqlStatement::execute() {
  make_ready();
  const WatchedConnection::Asking asking(session_->watched_);
  return statement_->execute(true);
}

void SqlStatement::start() {
  make_ready();
  const WatchedConnection::Asking asking(session_->watched_);
  statement_->execute();
}

bool SqlStatement::fetch() {
  const WatchedConnection::Asking asking(session_->watched_);
  return statement_->fetch();
}

std::unique_ptr<soci::statement> SqlSession::take(const std::string& query) {
  if (const auto it = kept_.find(query); it != kept_.end()) {
    auto statement = std::move(it->second);
    kept_.erase(it);
    return statement;
  }
  const WatchedConnection::Asking asking(watched_);
  auto statement = std::make_unique<soci::statement>(session_);
  statement->alloc();
  statement->prepare(query);
  return statement;
}

void SqlSession::give_back(const std::string& query, std::unique_ptr<soci::statement> statement) noexcept {
  try {
    if (rest_ == nullptr || kept_.size() >= most_kept) return;
    statement->bind_clean_up();
    rest_(*statement);
    kept_.try_emplace(query, std::move(statement));
  } catch (const std::exception&) {
    // It is prepared anew when it is needed again.
  }
}

std::string storable(const std::string& text) {
  if (text.find('\0') == text.npos && protocol::is_valid_utf8(text)) return text;
  std::string kept;
  for (std::string_view rest = text; !rest.empty();) {
    const auto length = rest.front() == '\0' ? 0 : sequence_length(rest);
    kept += length == 0 ? replacement : rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return kept;
}

}  // namespace berth::server
