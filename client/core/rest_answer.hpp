// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of REST calls: structs of protocol/rest*.hpp to JSON and back; only client/core includes it.
#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>
#include <string_view>

#include "protocol/codec.hpp"

namespace berth::client {

/// An empty body is an empty object. `route` begins the path of a field that is wrong.
template <class T>
Result<T> decoded_answer(const Result<QByteArray>& answer, std::string_view route) {
  if (!answer) return std::unexpected(answer.error());
  if (answer->trimmed().isEmpty()) return protocol::decode<T>(protocol::Json::object(), std::string(route));
  const auto json =
      protocol::parse_json(std::string_view(answer->constData(), static_cast<std::size_t>(answer->size())));
  if (!json)
    return failure(ErrorCode::unavailable, "The server's answer is not JSON; it may not be a Berth server.");
  return protocol::decode<T>(*json, std::string(route));
}

template <class Body>
QByteArray encoded_body(const Body& body) {
  return QByteArray::fromStdString(protocol::to_text(protocol::encode(body)));
}

/// A part of a path or the value of a query, as it stands in a URL.
inline QString in_url(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

}  // namespace berth::client
