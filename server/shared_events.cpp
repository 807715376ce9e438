// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/shared_events.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

#include "server/sharing_store.hpp"
#include "server/standing.hpp"

namespace berth::server {
namespace {

constexpr const char* ended_elsewhere = "You were signed out; sign in again.";

void announce_to(MetadataStore& store, const Announcement& announcement) {
  if (auto told = store.announcements().announce(announcement); !told)
    spdlog::warn("other servers were not told: {} {}", told.error().message, told.error().detail);
}

}  // namespace

SharedEvents::SharedEvents(Parts parts) : parts_(std::move(parts)) {
  parts_.events.set_relay([this](const std::string& workspace, const std::string& reason) {
    boost::asio::post(parts_.pool, [&store = parts_.store, workspace, reason] {
      announce_to(
          store,
          {.kind = AnnouncementKind::workspace_ended, .subject = workspace, .except = {}, .reason = reason});
    });
  });
  listener_ = parts_.store.announcements().listen(
      {.heard = [this](const Announcement& announcement) { heard(announcement); },
       .missed = [this] { missed(); }});
}

SharedEvents::~SharedEvents() = default;

void SharedEvents::tell_objects_removed(const std::string& owner) {
  announce_to(parts_.store,
              {.kind = AnnouncementKind::objects_removed, .subject = owner, .except = {}, .reason = {}});
}

void SharedEvents::tell_objects_doubted(const std::string& owner) {
  announce_to(parts_.store,
              {.kind = AnnouncementKind::objects_doubted, .subject = owner, .except = {}, .reason = {}});
}

void SharedEvents::heard(const Announcement& announcement) {
  const std::string reason = announcement.reason.empty() ? ended_elsewhere : announcement.reason;
  switch (announcement.kind) {
    case AnnouncementKind::sign_in_ended:
      return parts_.events.end_sign_in(announcement.subject, reason);
    case AnnouncementKind::account_ended:
      return parts_.events.end_account(announcement.subject, reason, announcement.except);
    case AnnouncementKind::workspace_ended:
      return parts_.events.end_workspace_here(announcement.subject, reason);
    case AnnouncementKind::member_ended:
      return parts_.events.end_member(announcement.subject, announcement.except, reason);
    case AnnouncementKind::share_ended:
      return parts_.events.end_share(announcement.subject, announcement.except, reason);
    case AnnouncementKind::settings_changed:
      if (auto loaded = parts_.settings.load(); !loaded)
        spdlog::warn("changed settings can't be read: {}", loaded.error().message);
      return;
    case AnnouncementKind::leases_free:
      return parts_.leases_free();
    case AnnouncementKind::objects_removed:
      return parts_.objects_removed(announcement.subject);
    case AnnouncementKind::objects_doubted:
      return parts_.objects_doubted(announcement.subject);
  }
}

/// Of members; an opening that may have ended is judged anew when its connections come back.
void SharedEvents::look_up_roles() {
  for (const auto& scope : parts_.events.roles()) {
    const auto role = parts_.store.members().role_of(scope.workspace, scope.account);
    if (role && *role != scope.role)
      parts_.events.end_member(scope.workspace, scope.account, "Your role in this workspace changed.");
  }
  parts_.events.end_share("", "", "This preview is being opened again.");
}

void SharedEvents::missed() {
  if (auto loaded = parts_.settings.load(); !loaded)
    spdlog::warn("settings can't be read: {}", loaded.error().message);
  for (const auto& sign_in : parts_.events.sign_ins()) {
    const auto found = find_standing(parts_.store, sign_in);
    if (!found && found.error().code == ErrorCode::not_found)
      parts_.events.end_sign_in(sign_in, ended_elsewhere);
  }
  look_up_roles();
  parts_.leases_free();
}

}  // namespace berth::server
