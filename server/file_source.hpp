// SPDX-License-Identifier: GPL-3.0-or-later
// A part of an open file as a ByteSource, read on worker threads.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "protocol/net/home_files.hpp"
#include "server/byte_stream.hpp"

namespace berth::server {

/// `length` bytes from `offset`, which must be inside the file now; a file that shrinks meanwhile is an
/// error.
std::unique_ptr<ByteSource> make_file_source(net::OpenedFile file, std::uint64_t offset, std::uint64_t length,
                                             boost::asio::thread_pool& pool);

}  // namespace berth::server
