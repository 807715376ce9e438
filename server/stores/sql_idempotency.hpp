// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/idempotency_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlIdempotency final : public IdempotencyStore {
 public:
  explicit SqlIdempotency(SqlDatabase& database) : database_(database) {}
  Result<KnownRequest> begin(const NamedRequest& request, std::int64_t now, std::int64_t until) override;
  Result<void> answer(const NamedRequest& request, int status, const std::string& body,
                      std::int64_t until) override;
  Result<void> doubt(const NamedRequest& request, std::int64_t until) override;
  Result<void> forget(const NamedRequest& request) override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
