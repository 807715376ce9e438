// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are too large to be documents, a page at a time: nothing is kept between two pages, so memory is
// a page's whatever the file's size.
#pragma once

#include "protocol/document_messages.hpp"
#include "protocol/net/home_files.hpp"

namespace berth::runner {

inline constexpr std::uint64_t largest_page = 1u << 20;  // bytes of the file

/// The page at `params.offset`: it begins with the line there and ends with a line, as far as the page is
/// long enough; never within a character. Blocks. invalid_argument (offset, length), not_found, unsupported
/// (binary, no regular file).
Result<protocol::DocumentPage::Result> read_document_page(const net::HomeFiles& files,
                                                          const protocol::DocumentPage::Params& params);

}  // namespace berth::runner
