// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_idempotency.hpp"

namespace berth::server {

using soci::into;
using soci::use;

// What stands for an HTTP status as long as there is none.
constexpr int named_under_way = 0, named_in_doubt = -1;

Result<KnownRequest> SqlIdempotency::begin(const NamedRequest& request, std::int64_t now,
                                           std::int64_t until) {
  return database_.transaction<KnownRequest>([&](SqlSession& sql) -> Result<KnownRequest> {
    const long long time = now, end = until, longer = answer_kept_for;
    sql.run(
        "UPDATE named_requests SET status = :doubt, until = until + :longer WHERE status = :under_way AND "
        "until <= :now",
        use(named_in_doubt), use(longer), use(named_under_way), use(time));
    sql.run("DELETE FROM named_requests WHERE until <= :now", use(time));
    auto insert = sql.prepare(
        "INSERT INTO named_requests (account, name, hash, status, answer, until) VALUES (:account, :name, "
        ":hash, 0, "
        "'', :until) ON CONFLICT (account, name) DO NOTHING",
        use(request.account), use(request.key), use(request.hash), use(end));
    insert.execute();
    if (insert.affected() == 1) return KnownRequest{};
    KnownRequest known;
    std::string hash;
    if (!sql.run("SELECT hash, status, answer FROM named_requests WHERE account = :account AND name = :name",
                 use(request.account), use(request.key), into(hash), into(known.status), into(known.answer)))
      return failure(ErrorCode::unavailable, "The request is being answered; try again in a moment.");
    known.state = hash != request.hash              ? KnownRequest::another
                  : known.status == named_under_way ? KnownRequest::under_way
                  : known.status == named_in_doubt  ? KnownRequest::in_doubt
                                                    : KnownRequest::answered;
    return known;
  });
}

Result<void> SqlIdempotency::answer(const NamedRequest& request, int status, const std::string& body,
                                    std::int64_t until) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long end = until;
    const auto kept = storable(body);
    sql.run(
        "UPDATE named_requests SET status = :status, answer = :answer, until = :until WHERE account = "
        ":account AND "
        "name = :name AND hash = :hash",
        use(status), use(kept), use(end), use(request.account), use(request.key), use(request.hash));
    return {};
  });
}

Result<void> SqlIdempotency::doubt(const NamedRequest& request, std::int64_t until) {
  return answer(request, named_in_doubt, "", until);
}

Result<void> SqlIdempotency::forget(const NamedRequest& request) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run(
        "DELETE FROM named_requests WHERE account = :account AND name = :name AND hash = :hash AND status IN "
        "(:under_way, :doubt)",
        use(request.account), use(request.key), use(request.hash), use(named_under_way), use(named_in_doubt));
    return {};
  });
}

}  // namespace berth::server
