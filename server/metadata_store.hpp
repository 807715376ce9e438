// SPDX-License-Identifier: GPL-3.0-or-later
// What the server remembers: accounts, sign-ins, workspaces, settings, versions, and where objects lie. One
// narrow interface per concept; stores/ has the implementations, tests/contract/metadata_store_contract.cpp
// says what each must do. Every call blocks (offload it), is one transaction, is safe from any thread, and is
// durable when it returns. A broken database is `internal`. Times are Unix milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/rest.hpp"
#include "server/announcements.hpp"
#include "server/lease_store.hpp"
#include "server/object_index.hpp"
#include "server/version_store.hpp"

namespace berth::server {

/// What an account may have, where that is not what the settings say for all.
struct AccountQuota {
  std::optional<std::int64_t> workspaces;
  std::optional<std::int64_t> running;
  std::optional<std::int64_t> storage;  // bytes of stored versions; 0: no limit
};

struct AccountRecord {
  std::string id;
  std::string email;  // normalised: trimmed, lower case
  std::string name;
  std::string password_hash;  // libsodium's argon2id string
  bool administrator = false;
  std::int64_t created = 0;
  bool disabled = false;  // it can't sign in, and none of its tokens is good
  AccountQuota quota = {};
  bool email_verified = false;  // whoever has the account has read a mail to it, or a provider says so
  bool team = false;            // team_store.hpp: no person, nobody signs in as it, its `email` is no address
  std::string pending_email = {};  // normalised; becomes `email` when it is verified; "" for none
};

/// Absent: stays.
struct ProfileChange {
  std::string name;
  std::optional<std::string> email = {};
  bool waits = false;   // another address is verified before it is the account's
  std::string by = {};  // sign-in of whoever proved that the account is theirs; "": not looked at
};

struct PasswordChange {
  std::string before, after;  // hashes
  std::string keep = {};      // sign-in that asked for it; "" for none
};

/// Of persons; of teams where that is said (TeamStore makes those).
class AccountStore {
 public:
  virtual ~AccountStore() = default;
  /// already_exists when the e-mail is taken; limit_exceeded when there are `maximum` accounts already (0: no
  /// limit).
  virtual Result<void> insert(const AccountRecord& account, std::int64_t maximum) = 0;
  /// Atomically: conflict when there is an administrator already; already_exists when the e-mail is taken.
  virtual Result<void> insert_first_administrator(const AccountRecord& account) = 0;
  virtual Result<AccountRecord> by_id(const std::string& id) = 0;        // not_found; a team, too
  virtual Result<AccountRecord> by_email(const std::string& email) = 0;  // not_found; never a team
  /// already_exists when another account has the address; unauthenticated when `by` has ended. Another
  /// address waits, or is the account's at once and not verified; links to one that waited before go. The
  /// address that the account has drops one that waits.
  virtual Result<void> update_profile(const std::string& id, const ProfileChange& change) = 0;
  /// With the password every sign-in but `keep` ends (announced), and every ticket but those to verify an
  /// address. unauthenticated, and nothing changes, when the password is not `before` any more, or `keep` has
  /// ended.
  virtual Result<void> change_password(const std::string& id, const PasswordChange& change) = 0;
  virtual Result<bool> has_administrator() = 0;
};

/// One sign-in: a family of refresh tokens, of which only the newest generation is good.
struct SignInRecord {
  std::string id;
  std::string account;
  std::string salt;  // mixed into the family's tokens
  std::int64_t generation = 0;
  std::int64_t rotated = 0;  // when `generation` began
  std::int64_t created = 0;
  std::int64_t expires = 0;
  std::string client;        // user agent, for the person
  std::string address = {};  // where it was last used from; "" when that is not known
  /// Sign-in of the administrator who acts as this account; it ends with that one. "" where the person is the
  /// account's own.
  std::string impersonator = {};
  // What insert() looks at, and nothing keeps: the password (hash) that the account had when whoever signs in
  // was let in, and another sign-in that agreed ("": none).
  std::optional<std::string> password_hash = {};
  std::string agreed_by = {};
};

class SignInStore {
 public:
  virtual ~SignInStore() = default;
  /// permission_denied while the account is disabled: whoever makes sign-ins need not ask. unauthenticated
  /// when its password has changed, or who agreed has signed out, since they were looked at.
  virtual Result<void> insert(const SignInRecord& sign_in) = 0;
  virtual Result<SignInRecord> find(const std::string& id) = 0;  // not_found once ended
  /// Those that have not expired, last rotated first.
  virtual Result<std::vector<SignInRecord>> list_of(const std::string& account, std::int64_t now) = 0;
  /// From `generation` to the next; false when it is another generation by now (someone else was first) or
  /// has ended.
  virtual Result<bool> advance(const std::string& id, std::int64_t generation, std::int64_t now,
                               const std::string& address) = 0;
  virtual Result<void> end(const std::string& id) = 0;  // unknown ids are a success
  /// not_found, and nothing ends, when it is not this account's.
  virtual Result<void> end_of(const std::string& account, const std::string& id) = 0;
  /// Ends every sign-in of the account but `except` ("" for none).
  virtual Result<void> end_all(const std::string& account, const std::string& except) = 0;
  virtual Result<void> remove_expired(std::int64_t now) = 0;
};

/// A personal access token; its secret is not here.
struct TokenRecord {
  std::string id;
  std::string account;
  std::string name;
  std::string hash;    // personal_token.hpp
  std::string scopes;  // scopes.hpp
  std::int64_t created = 0;
  std::optional<std::int64_t> expires;
  std::optional<std::int64_t> last_used;
  std::string made_by = {};  // sign-in; insert() looks at it, nothing keeps it; "": not looked at
};

class TokenStore {
 public:
  virtual ~TokenStore() = default;
  /// limit_exceeded when the account has `maximum` already; unauthenticated when who makes it has signed out.
  virtual Result<void> insert(const TokenRecord& token, std::int64_t maximum) = 0;
  virtual Result<TokenRecord> find(const std::string& id) = 0;                       // not_found once removed
  virtual Result<std::vector<TokenRecord>> list_of(const std::string& account) = 0;  // newest first
  virtual Result<void> touch(const std::string& id, std::int64_t now) = 0;  // last_used; unknown: success
  /// not_found, and nothing is removed, when it is not this account's.
  virtual Result<void> remove(const std::string& account, const std::string& id) = 0;
  /// All of the account; their ids.
  virtual Result<std::vector<std::string>> remove_all(const std::string& account) = 0;
};

/// An account's second factor: begun (not in force), then enabled.
struct SecondFactorRecord {
  std::string account;
  std::string secret;  // sealed (second_factor.hpp)
  bool enabled = false;
  std::int64_t last_step = 0;  // the newest time step whose code was used: older ones are refused
  std::int64_t created = 0;
  std::int64_t codes_left = 0;  // of the recovery codes
};

class SecondFactorStore {
 public:
  virtual ~SecondFactorStore() = default;
  virtual Result<std::optional<SecondFactorRecord>> find(const std::string& account) = 0;
  /// Replaces one that is not in force; conflict when one is. Only account, secret and created are looked at.
  virtual Result<void> begin(const SecondFactorRecord& factor) = 0;
  /// Puts in force what begin() left, if that is still `secret`; conflict otherwise. `step` is used up.
  virtual Result<void> enable(const std::string& account, const std::string& secret, std::int64_t step,
                              const std::vector<std::string>& code_hashes) = 0;
  /// True for the first who uses this step while the factor is in force, and no later one was used before.
  virtual Result<bool> use_step(const std::string& account, std::int64_t step) = 0;
  /// True for the first who uses this recovery code.
  virtual Result<bool> use_code(const std::string& account, const std::string& code_hash) = 0;
  /// not_found while no factor is in force.
  virtual Result<void> replace_codes(const std::string& account,
                                     const std::vector<std::string>& code_hashes) = 0;
  virtual Result<void> remove(const std::string& account) = 0;  // with its codes; unknown: success
};

/// What a home is beside its workspace's newest version.
enum class HomeState {
  stored,  // the same
  ahead,   // it may hold what no version has: while it runs, after an end that was no orderly stop
  behind,  // the newest version is not in it: a restore while it was stopped, or there is no home yet
};
BOOST_DESCRIBE_ENUM(HomeState, stored, ahead, behind)

struct WorkspaceRecord {
  std::string id;
  std::string account;
  std::string name;
  std::string template_id;
  protocol::rest::WorkspaceState state = protocol::rest::WorkspaceState::stopped;
  std::string reason;
  std::int64_t created = 0;
  std::int64_t last_used = 0;
  std::optional<std::int64_t> started;
  HomeState home = HomeState::behind;
  /// What is to become its project and has not begun yet: import/begin's parameters as JSON; "" for nothing.
  std::string pending_import = {};
};

/// Which of the workspaces that an account may see.
struct WorkspaceListing {
  std::string account;
  std::string text = {};   // a part of name or id, in any case; "": any
  std::string owner = {};  // id of a person or a team; "": anybody's
  struct Place {
    std::int64_t last_used = 0;
    std::string id;
  };
  std::optional<Place> after = {};  // where the page before ended
};

class WorkspaceStore {
 public:
  virtual ~WorkspaceStore() = default;
  /// limit_exceeded when the account has `maximum` already; counted in the same transaction.
  virtual Result<void> insert(const WorkspaceRecord& workspace, std::int64_t maximum) = 0;
  virtual Result<void> rename(const std::string& id, const std::string& name) = 0;  // not_found
  /// state, reason, started, home, pending_import. not_found.
  virtual Result<void> update_state(const WorkspaceRecord& workspace) = 0;
  virtual Result<void> touch(const std::string& id, std::int64_t last_used) = 0;
  virtual Result<void> remove(const std::string& id) = 0;   // unknown ids are a success
  virtual Result<std::vector<WorkspaceRecord>> list() = 0;  // all
  virtual Result<std::vector<WorkspaceRecord>> list_of(const std::string& account) = 0;
  /// At most `limit`, last used first, then by id.
  virtual Result<std::vector<WorkspaceRecord>> visible(const WorkspaceListing& listing,
                                                       std::size_t limit) = 0;
  virtual Result<WorkspaceRecord> find(const std::string& id) = 0;  // not_found
  /// Of these those that there are.
  virtual Result<std::vector<WorkspaceRecord>> find_some(const std::vector<std::string>& ids) = 0;
  /// As update_state, into the state `starting`: limit_exceeded when `maximum` of the account's other
  /// workspaces run, start or stop; counted in the same transaction.
  virtual Result<void> begin_start(const WorkspaceRecord& workspace, std::int64_t maximum) = 0;
};

class SettingStore {
 public:
  virtual ~SettingStore() = default;
  virtual Result<std::map<std::string, std::string>> all() = 0;
  virtual Result<void> put(
      const std::map<std::string, std::string>& settings) = 0;  // the named ones, together
  /// Keeps what another one put there first; gives what is there now.
  virtual Result<std::string> put_once(const std::string& name, const std::string& value) = 0;
};

class AdministrationStore;
class AuditStore;
class LoadStore;
class ProviderStore;

class IdempotencyStore;
class PreferenceStore;
class IdentityStore;
class TicketStore;
class OutboxStore;

class MemberStore;
class InvitationStore;
class OpeningStore;

class TeamStore;
class TeamMemberStore;
class TeamInvitationStore;
class TeamTemplateStore;

class MetadataStore {
 public:
  virtual ~MetadataStore() = default;
  virtual AccountStore& accounts() = 0;
  virtual SignInStore& sign_ins() = 0;
  virtual TokenStore& tokens() = 0;
  virtual SecondFactorStore& second_factors() = 0;
  virtual WorkspaceStore& workspaces() = 0;
  virtual SettingStore& settings() = 0;
  virtual PreferenceStore& preferences() = 0;
  virtual IdempotencyStore& named_requests() = 0;
  virtual IdentityStore& identities() = 0;  // identity_store.hpp, as the next two
  virtual TicketStore& tickets() = 0;
  virtual OutboxStore& outbox() = 0;
  virtual MemberStore& members() = 0;  // sharing_store.hpp, as the next two
  virtual InvitationStore& invitations() = 0;
  virtual OpeningStore& openings() = 0;
  virtual TeamStore& teams() = 0;  // team_store.hpp, as the next three
  virtual TeamMemberStore& team_members() = 0;
  virtual TeamInvitationStore& team_invitations() = 0;
  virtual TeamTemplateStore& team_templates() = 0;
  virtual VersionStore&
  versions() = 0;  // the rows alone; exported_versions.hpp keeps their blobs beside them
  virtual ObjectIndex& objects() = 0;
  virtual PackLedger& packs() = 0;
  virtual BlobLedger& blobs() = 0;
  virtual ReplicaStore& replicas() = 0;
  virtual LeaseStore& leases() = 0;
  virtual SharedCounts& counts() = 0;
  virtual Announcements& announcements() = 0;
  virtual AdministrationStore& administration() = 0;  // administration_store.hpp, as the next two
  virtual AuditStore& audit() = 0;
  virtual LoadStore& loads() = 0;
  virtual ProviderStore& providers() = 0;  // provider_store.hpp
  /// From now on this store's writers are this replica: rows of a workspace (but its name and when it was
  /// used) are changed, and versions added, only while it holds the workspace's lease, else conflict; judged
  /// in the transaction that writes. "": nobody is asked (the beginning; where there is one server only).
  virtual void write_as(const std::string& replica) = 0;
  /// Success when the database answers (for /readyz).
  virtual Result<void> check() = 0;
};

}  // namespace berth::server
