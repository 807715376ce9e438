// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/metadata_copy.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <functional>
#include <ranges>

#include "server/stores/sql_database.hpp"
#include "server/stores/sql_migrations.hpp"

namespace berth::server {
namespace {

constexpr long long rows_a_page = 500;
constexpr std::size_t rows_a_statement = 20;

/// A column's value, as a variable that statements are bound to.
struct CopiedField {
  std::string text;
  long long number = 0;
  soci::indicator there = soci::i_ok;
};
using CopiedRow = std::vector<CopiedField>;

std::string column_names(const SqlTable& table, std::size_t count) {
  std::string names;
  for (std::size_t i = 0; i < count; ++i) names += (i ? ", " : "") + std::string(table.columns[i].name);
  return names;
}

/// Two tables with the same sum and count hold the same rows.
class RowSum {
 public:
  RowSum() { ::crypto_generichash_init(&state_, nullptr, 0, sum_.size()); }
  void add(const SqlTable& table, const CopiedRow& row) {
    ++rows_;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& field = row[i];
      if (field.there == soci::i_null)
        add_text("");
      else
        add_text(table.columns[i].number ? "=" + std::to_string(field.number) : "=" + field.text);
    }
  }
  std::pair<std::uint64_t, std::string> taken() {
    ::crypto_generichash_final(&state_, sum_.data(), sum_.size());
    return {rows_, std::string(sum_.begin(), sum_.end())};
  }

 private:
  void add_text(const std::string& text) {
    const std::uint64_t size = text.size();
    ::crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    ::crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  crypto_generichash_state state_{};
  std::array<unsigned char, 32> sum_{};
  std::uint64_t rows_ = 0;
};

/// Binds a field of a row that a statement reads or writes.
void bind_into(SqlStatement& statement, const SqlColumn& column, CopiedField& field) {
  if (column.number)
    statement.bind(soci::into(field.number, field.there));
  else
    statement.bind(soci::into(field.text, field.there));
}

void bind_use(SqlStatement& statement, const SqlColumn& column, CopiedField& field) {
  if (column.number)
    statement.bind(soci::use(field.number, field.there));
  else
    statement.bind(soci::use(field.text, field.there));
}

std::string page_query(const SqlTable& table, bool first) {
  const auto key = column_names(table, static_cast<std::size_t>(table.key));
  std::string after;
  for (int i = 0; i < table.key; ++i) after += (i ? ", :after" : ":after") + std::to_string(i);
  return "SELECT " + column_names(table, table.columns.size()) + " FROM " + table.name +
         (first ? "" : " WHERE (" + key + ") > (" + after + ")") + " ORDER BY " + key + " LIMIT :most";
}

/// The rows after the last one of the page before; an empty page is the end.
std::vector<CopiedRow> read_page(SqlSession& sql, const SqlTable& table, const CopiedRow& last) {
  auto after = last;
  CopiedRow row(table.columns.size());
  auto select = sql.prepare(page_query(table, last.empty()));
  for (std::size_t i = 0; i < row.size(); ++i) bind_into(select, table.columns[i], row[i]);
  if (!last.empty())
    for (std::size_t i = 0; i < static_cast<std::size_t>(table.key); ++i)
      bind_use(select, table.columns[i], after[i]);
  select.bind(soci::use(rows_a_page));
  select.start();
  std::vector<CopiedRow> rows;
  while (select.fetch()) rows.push_back(row);
  return rows;
}

void insert_rows(SqlSession& sql, const SqlTable& table, const std::vector<CopiedRow>& rows) {
  for (std::size_t done = 0; done < rows.size();) {
    const auto together = rows.size() - done >= rows_a_statement ? rows_a_statement : 1;
    std::string query = "INSERT INTO " + std::string(table.name) + " (" +
                        column_names(table, table.columns.size()) + ") VALUES ";
    for (std::size_t i = 0; i < together; ++i)
      query += (i ? ", (" : "(") + [&] {
        std::string names;
        for (std::size_t c = 0; c < table.columns.size(); ++c)
          names += (c ? ", :v" : ":v") + std::to_string(i) + "_" + std::to_string(c);
        return names;
      }() + ")";
    std::vector<CopiedRow> slots(together, CopiedRow(table.columns.size()));
    auto insert = sql.prepare(query);
    for (auto& slot : slots)
      for (std::size_t c = 0; c < slot.size(); ++c) bind_use(insert, table.columns[c], slot[c]);
    for (; rows.size() - done >= together && done < rows.size(); done += together) {
      for (std::size_t i = 0; i < together; ++i)
        for (std::size_t c = 0; c < slots[i].size(); ++c) slots[i][c] = rows[done + i][c];
      insert.execute();
    }
  }
}

using EachPage = std::function<void(std::vector<CopiedRow>& rows)>;

std::pair<std::uint64_t, std::string> sum_of(SqlSession& sql, const SqlTable& table, const EachPage& each) {
  RowSum sum;
  for (CopiedRow last;;) {
    auto rows = read_page(sql, table, last);
    if (rows.empty()) return sum.taken();
    last = rows.back();
    for (auto& row : rows)
      for (auto& field : row) field.text = storable(field.text);  // before releases that knew of that
    for (const auto& row : rows) sum.add(table, row);
    if (each) each(rows);
  }
}

Result<void> look_for_rows(SqlSession& sql) {
  for (const auto& table : sql_tables()) {
    if (table.passing) continue;
    long long rows = 0;
    sql.run("SELECT COUNT(*) FROM " + std::string(table.name), soci::into(rows));
    if (rows > 0)
      return failure(ErrorCode::conflict, "The database to fill is not empty: it has " +
                                              std::to_string(rows) + " rows in the table " + table.name +
                                              ". Name an empty one; nothing was changed.");
  }
  return {};
}

Result<MetadataCopySummary> copy_rows(SqlSession& from, SqlSession& to, bool replace) {
  if (replace) {
    unguard_audit(to);
    for (const auto& table : std::views::reverse(sql_tables()))
      to.run("DELETE FROM " + std::string(table.name));
    guard_audit(to);
  } else if (auto empty = look_for_rows(to); !empty)
    return std::unexpected(empty.error());
  MetadataCopySummary summary;
  for (const auto& table : sql_tables()) {
    if (table.passing) continue;
    const auto there =
        sum_of(from, table, [&](std::vector<CopiedRow>& rows) { insert_rows(to, table, rows); });
    if (sum_of(to, table, nullptr) != there)
      return failure(ErrorCode::internal, "The rows of the table " + std::string(table.name) +
                                              " are not what they were; nothing was changed.");
    summary.rows.emplace_back(table.name, there.first);
    summary.all += there.first;
  }
  return summary;
}

}  // namespace

Result<MetadataCopySummary> copy_metadata(SqlDatabase& from, SqlDatabase& to, bool replace) {
  Result<MetadataCopySummary> copied = failure(ErrorCode::internal, "");
  auto read = from.read<MetadataCopySummary>([&](SqlSession& source) {
    if (copied) return copied;  // it was read once more because its end failed: all is there
    copied = to.transaction<MetadataCopySummary>(
        [&](SqlSession& target) { return copy_rows(source, target, replace); });
    return copied;
  });
  // What was read was one state, however its transaction ended, and the target's has been committed.
  return copied ? copied : read;
}

Result<void> require_empty(SqlDatabase& database) { return database.read<void>(look_for_rows); }

}  // namespace berth::server
