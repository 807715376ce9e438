// SPDX-License-Identifier: GPL-3.0-or-later
// Asio's and Beast's bodies, compiled once.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
