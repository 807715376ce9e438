// SPDX-License-Identifier: GPL-3.0-or-later
// A row of the table `objects` as SOCI binds it, shared by the two sides of the index.
#pragma once

#include <string>

#include "server/object_index.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

struct ObjectRow {
  std::string id;  // hexadecimal
  long long place = 0;
  long long length = 0;
  long long size = 0;
  long long touched = 0;
  int refers = 0;

  PackedObject object(const protocol::ObjectId& of) const {
    return {of, static_cast<std::uint64_t>(place), static_cast<std::uint32_t>(length),
            static_cast<std::uint32_t>(size), refers != 0};
  }
};

/// Gives the number by which rows of objects name the pack.
long long insert_pack(SqlSession& sql, const std::string& owner, const NewPack& pack, long long now);

}  // namespace berth::server
