// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/schema.hpp"

#include <boost/describe/enumerators.hpp>

namespace berth::protocol::schema {

namespace {

// mp_for_each needs default-constructible elements; a message type may not be, so it is passed by identity.
template <class List, class Visit>
void for_each_type(Visit visit) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, List>>(visit);
}

template <class R>
void add_route(Protocol& protocol) {
  Route route{detail::name_of<R>(),
              std::string(R::method),
              std::string(R::path),
              std::string(R::summary),
              boost::describe::enum_to_string(R::access, ""),
              {},
              {},
              {},
              {},
              false,
              false};
  route.body = detail::type_of<typename R::Body>(protocol.definitions).name;
  route.result = detail::type_of<typename R::Result>(protocol.definitions).name;
  if constexpr (requires { R::scope; })
    if (const rest::NeededScope scope = R::scope) route.scope = boost::describe::enum_to_string(*scope, "");
  if constexpr (requires { R::query; }) route.query = R::query;
  if constexpr (requires { R::raw_body; }) route.raw_body = R::raw_body;
  if constexpr (requires { R::raw_result; }) route.raw_result = R::raw_result;
  route.takes_key = boost::mp11::mp_contains<rest::NamedRequests, R>::value;
  protocol.routes.push_back(std::move(route));
}

}  // namespace

Protocol describe() {
  Protocol protocol;
  detail::type_of<ErrorCode>(protocol.definitions);
  for_each_type<boost::mp11::mp_append<Requests, SyncRequests>>(
      [&]<class Message>(std::type_identity<Message>) {
        auto params = detail::type_of<typename Message::Params>(protocol.definitions).name;
        auto result = detail::type_of<typename Message::Result>(protocol.definitions).name;
        protocol.requests.push_back({std::string(Message::method), std::string(Message::summary),
                                     boost::describe::enum_to_string(Message::role, ""), std::move(params),
                                     std::move(result)});
      });
  for_each_type<Notifications>([&]<class Message>(std::type_identity<Message>) {
    auto params = detail::type_of<typename Message::Params>(protocol.definitions).name;
    protocol.notifications.push_back(
        {std::string(Message::method), std::string(Message::summary), {}, std::move(params), {}});
  });
  detail::type_of<rest::Error>(protocol.definitions);
  for_each_type<rest::AllRoutes>([&]<class Route>(std::type_identity<Route>) { add_route<Route>(protocol); });
  return protocol;
}

}  // namespace berth::protocol::schema
