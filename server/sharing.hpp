// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of people in workspaces: who is what in which, inviting, joining, leaving, handing over. No HTTP,
// no SQL. What it decides lives in the store alone, so that every server knows it; whatever takes access away
// reaches open connections of all servers (SessionEvents here, announcements of the store elsewhere).
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "protocol/rest_sharing.hpp"
#include "server/blob_store.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/object_store.hpp"
#include "server/principal.hpp"
#include "server/rate_limiter.hpp"
#include "server/session_events.hpp"
#include "server/sharing_store.hpp"
#include "server/storage_key.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

inline constexpr std::size_t most_members = 100;      // of one workspace
inline constexpr std::size_t most_invitations = 100;  // that are open
inline constexpr std::size_t most_share_links = 50;
inline constexpr std::int64_t most_invited = 100;                       // by one account in a day
inline constexpr std::int64_t invitation_life = 14ll * 24 * 3'600'000;  // ms

/// What an invited person is told.
struct InvitationLetter {
  std::string to;  // e-mail address
  std::string inviter;
  std::string workspace;  // its name
  protocol::Role role = protocol::Role::viewer;
  std::string url;
  bool to_team = false;  // `workspace` is the name of a team
};

class Sharing {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    Workspaces& workspaces;
    SessionEvents& events;
    boost::asio::thread_pool& pool;
    Clock clock;
    // What changes hands with a workspace; none: nothing is stored (tests).
    VersionStore* versions = nullptr;
    ObjectStore* objects = nullptr;
    BlobStore* blobs = nullptr;
    const StorageSealing* sealing = nullptr;
    /// Blocks, shortly; none: the link goes to the log.
    std::function<void(const InvitationLetter&)> send = {};
    /// Whether an address counts only once its account has proven to have it: where mails are sent.
    bool proven_addresses = false;
  };
  explicit Sharing(Parts parts) : parts_(std::move(parts)) {}

  /// The principal with what it is in the workspace: not_found for strangers, permission_denied below
  /// `needed`. Asked of the store each time, so it is never old.
  net::Task<Result<Principal>> admit(Principal principal, std::string workspace, protocol::Role needed);

  /// The account takes what its proven address is invited to: asked for before its workspaces are listed.
  net::Task<Result<void>> take_invitations(Principal principal);
  /// Fills in what people have to do with it; what the account may not see any more goes from the list.
  net::Task<Result<std::vector<protocol::rest::Workspace>>> complete(
      Principal principal, std::vector<protocol::rest::Workspace> workspaces);
  net::Task<Result<protocol::rest::Workspace>> complete(Principal principal,
                                                        Result<protocol::rest::Workspace> workspace);

  // The following take an admitted principal. `ide`: the IDE's origin, for links.
  net::Task<Result<protocol::rest::ListMembers::Result>> members(Principal principal, std::string workspace);
  net::Task<Result<protocol::rest::AddMember::Result>> add(Principal principal, std::string workspace,
                                                           protocol::rest::AddMember::Body body,
                                                           std::string ide);
  net::Task<Result<protocol::rest::Member>> change(Principal principal, std::string workspace,
                                                   std::string account, protocol::Role role);
  /// The owner takes anybody else out, everybody himself.
  net::Task<Result<void>> remove(Principal principal, std::string workspace, std::string account);
  net::Task<Result<protocol::rest::CreateLink::Result>> create_link(Principal principal,
                                                                    std::string workspace,
                                                                    protocol::rest::CreateLink::Body body,
                                                                    std::string ide);
  /// `link`: it must be one, else an invitation.
  net::Task<Result<void>> remove_waiting(Principal principal, std::string workspace, std::string id,
                                         bool link);
  /// Which workspace it is in now.
  net::Task<Result<std::string>> join(Principal principal, std::string token);
  /// To a member, to a team of the principal's, or from a team to somebody in it; its versions' objects are
  /// copied to the new owner's first, whose quotas hold.
  net::Task<Result<protocol::rest::Workspace>> transfer(Principal principal, std::string workspace,
                                                        std::string to);

 private:
  /// Who gives it to whom; conflict for who can't have it.
  Result<Handover> checked_handover(const Principal& principal, const std::string& workspace,
                                    const std::string& to);
  Result<void> copy_versions(const std::string& workspace, const std::string& from, const std::string& to,
                             std::vector<VersionRecord>& copied);

  Parts parts_;
  RateLimiter invitations_{std::chrono::hours(24)};
  boost::asio::thread_pool copying_{1};  // may take long, and must not hold up metadata
};

/// Hash of the secret part of a link's token, as stored.
std::string share_secret_hash(const std::string& secret);

}  // namespace berth::server
