// SPDX-License-Identifier: GPL-3.0-or-later
// What two people who typed into one document and one terminal have in the end, beside what stands on the
// disk: nothing lost, nothing doubled, nobody sees anything else. Pure.
#pragma once

#include <array>
#include <string>

#include "protocol/codec.hpp"

namespace berth::test {

inline constexpr char typing_persons[] = {'A', 'B'};

struct TypedTogether {
  std::array<protocol::Json, 2> reports;  // of the typists, in the order of typing_persons
  std::string document;                   // bytes of the document's file
  std::string terminal;                   // bytes of the file in which the terminal kept what it was given
};

/// "" when all of it is one; else what is apart, with the place where it begins, for a person.
std::string apart(const TypedTogether& typed);

}  // namespace berth::test
