// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/maintenance.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "server/backup.hpp"
#include "server/data_folder.hpp"
#include "server/pack_store.hpp"
#include "server/store_check.hpp"

namespace berth::server {
namespace {

void print_lines(const std::vector<std::string>& lines) {
  for (const auto& line : lines) std::printf("%s\n", line.c_str());
}

void print_findings(const StoreFindings& findings) {
  std::printf("%zu packs, %zu objects, %zu versions looked at\n", findings.packs, findings.objects,
              findings.versions);
  print_lines(findings.notes);
  print_lines(findings.problems);
  for (const auto& version : findings.damaged) {
    const auto& record = version.record;
    std::printf("version %s of workspace %s from %s: %zu damaged\n", record.id.c_str(),
                record.workspace.c_str(), readable_time(record.created).c_str(), version.damage.count);
    for (const auto& path : version.damage.paths) std::printf("  %s\n", path.c_str());
    if (version.damage.count > version.damage.paths.size())
      std::printf("  and %zu more\n", version.damage.count - version.damage.paths.size());
  }
  if (findings.clean()) std::printf("everything is whole\n");
}

void print_summary(const BackupSummary& summary, const char* what) {
  std::printf("%s: %zu versions, %zu packs with %s (%zu copied)\n", what, summary.versions, summary.packs,
              readable_bytes(summary.bytes).c_str(), summary.copied);
  print_lines(summary.problems);
}

}  // namespace

Result<int> run_fsck(const Config& config, FsckChoice choice) {
  Result<net::FileDescriptor> lock;
  std::error_code ignored;
  if ((choice.repair || choice.rebuild) && std::filesystem::exists(config.data, ignored)) {
    lock = take_data_folder(config.data);
    if (!lock) return std::unexpected(lock.error());
  }
  // Rebuilding is for a database that is lost.
  auto storage = open_storage(config, choice.rebuild,
                              choice.repair || choice.rebuild ? MetadataUse::alone : MetadataUse::shared);
  if (!storage) return std::unexpected(storage.error());
  if (auto good = (*storage)->blobs->check(); !good) return std::unexpected(good.error());
  StoreCheck check(**storage);
  bool good = true;
  if (choice.rebuild) {
    const auto rebuilt = check.rebuild();
    if (!rebuilt) return std::unexpected(rebuilt.error());
    std::printf("made anew from %s: %zu packs, %zu objects, %zu versions; %zu lost workspaces came back\n",
                (*storage)->blobs->describe().c_str(), rebuilt->packs, rebuilt->objects, rebuilt->versions,
                rebuilt->workspaces);
    print_lines(rebuilt->problems);
    good = rebuilt->problems.empty();
  }
  const auto findings = check.check(choice.repair || choice.rebuild);
  if (!findings) return std::unexpected(findings.error());
  print_findings(*findings);
  if (choice.repair && findings->lost_objects > 0)
    std::printf("%zu lost objects were dropped; they are stored again when a home still has them\n",
                findings->lost_objects);
  return good && findings->clean() ? maintenance_good : maintenance_damage;
}

Result<int> run_backup(const Config& config, const std::filesystem::path& target) {
  const auto summary = make_backup(config, target);
  if (!summary) return std::unexpected(summary.error());
  print_summary(*summary, "backup");
  return summary->problems.empty() ? maintenance_good : maintenance_damage;
}

Result<int> run_restore(const Config& config, const std::filesystem::path& source, bool replace) {
  const auto summary = restore_backup(config, source, replace);
  if (!summary) return std::unexpected(summary.error());
  print_summary(*summary, "restored");
  return summary->problems.empty() ? maintenance_good : maintenance_damage;
}

Result<void> prepare_backup_target(const Config& config, const std::filesystem::path& target) {
  if (::geteuid() != 0 || config.user == "root" || target.extension() == ".tar") return {};
  const auto* user = ::getpwnam(config.user.c_str());
  if (user == nullptr || ::mkdir(target.c_str(), 0700) != 0) return {};  // leave_root tells; or it is there
  if (::chown(target.c_str(), user->pw_uid, user->pw_gid) != 0)
    return failure(ErrorCode::unavailable, target.string() + " can't be handed to " + config.user + ": " +
                                               std::strerror(errno) + ".");
  return {};
}

}  // namespace berth::server
