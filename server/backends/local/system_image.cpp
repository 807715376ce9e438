// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/system_image.hpp"

#include <filesystem>

#include "server/backends/local/child_process.hpp"
#include "server/backends/local/generated_etc.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;

constexpr const char* bundle = "/etc/ssl/certs/ca-certificates.crt";  // Debian, Alpine, Arch
constexpr const char* red_hat_bundle = "/etc/pki/tls/certs/ca-bundle.crt";

// Plain data of packages that programs expect; nothing about this machine or its people is in them.
constexpr const char* package_files[] = {"services",   "protocols",       "mime.types",
                                         "ld.so.conf", "ssl/openssl.cnf", "nanorc",
                                         "magic",      "magic.mime",      "wgetrc"};
constexpr const char* package_folders[] = {
    "ld.so.conf.d", "python3", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13",
    "python3.14",   "perl",    "vim",       "terminfo",   "fonts",      "gdb",        "bash_completion.d"};
// Large, or changed by package upgrades while workspaces live: bound, not copied.
constexpr const char* bound_in_etc[] = {
    "alternatives", "ssl/certs", "pki/tls/certs", "pki/ca-trust/extracted", "ca-certificates/extracted",
    "ld.so.cache"};

class Skeleton {
 public:
  Skeleton(const SystemSource& source, std::string folder) : source_(source), root_(std::move(folder)) {}

  SystemImage build() {
    for (const char* place :
         {"proc", "dev", "tmp", "run/berth", "sys", "etc", "home/berth", "var/lib/berth", ".berth/bin"})
      fs::create_directories(inside(place));
    link("../tmp", "var/tmp");
    link("../run", "var/run");
    add_programs();
    add_etc();
    for (const auto& [name, file] : generated_shims()) write(".berth/bin/" + name, file);
    write(".berth/berth-runner", {"", 0755});
    image_.binds.push_back({source_.runner, runner_inside});
    open_to_all();
    image_.root = root_.string();
    return std::move(image_);
  }

 private:
  fs::path inside(const std::string& path) const { return root_ / path; }
  fs::path outside(const std::string& path) const { return fs::path(source_.system) / path; }

  /// Folders are readable inside whatever berthd's umask is.
  void open_to_all() {
    fs::permissions(root_, fs::perms(0755));
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      if (entry.is_directory() && !entry.is_symlink()) fs::permissions(entry.path(), fs::perms(0755));
  }

  void write(const std::string& path, const GeneratedFile& file) {
    const auto target = inside(path);
    fs::create_directories(target.parent_path());
    std::error_code error;
    // A mount point in use keeps its inode: replace only what differs.
    if (fs::is_regular_file(fs::symlink_status(target, error)) &&
        fs::file_size(target, error) == file.content.size() &&
        read_small_file(target, file.content.size() + 1) == file.content)
      return;
    if (auto written = write_whole_file(target, file.content, file.mode); !written)
      throw fs::filesystem_error(written.error().detail, std::make_error_code(std::errc::io_error));
  }

  void link(const fs::path& to, const std::string& path) {
    std::error_code error;
    if (fs::read_symlink(inside(path), error) == to) return;
    fs::remove(inside(path), error);
    fs::create_symlink(to, inside(path));
  }

  void bind(const std::string& path) {
    std::error_code error;
    const auto real = fs::canonical(outside(path), error);
    if (error) return;
    if (fs::is_directory(real)) {
      fs::create_directories(inside(path));
    } else {
      fs::create_directories(inside(path).parent_path());
      if (!fs::exists(inside(path))) write(path, {""});
    }
    image_.binds.push_back({real.string(), "/" + path});
  }

  void add_programs() {
    for (const char* name : {"usr", "bin", "sbin", "lib", "lib64", "lib32", "libx32"}) {
      std::error_code error;
      const auto status = fs::symlink_status(outside(name), error);
      if (fs::is_symlink(status)) link(fs::read_symlink(outside(name)), name);
      if (fs::is_directory(status)) bind(name);
    }
    // An image's /opt belongs to its programs; this machine's belongs to its administrator.
    if (source_.system != "/") bind("opt");
  }

  void add_etc() {
    for (const char* path : bound_in_etc) bind(std::string("etc/") + path);
    for (const char* candidate : {bundle, red_hat_bundle})
      if (std::error_code error; image_.trusts.empty() && fs::exists(outside(candidate + 1), error))
        image_.trusts = candidate;
    const EtcFacts facts{source_.two_uids, image_.trusts, npm_settings(read_small_file(source_.npmrc))};
    for (const auto& [name, file] : generated_etc(facts)) write("etc/" + name, file);
    for (const char* name : package_files) copy_file(std::string("etc/") + name);
    for (const char* name : package_folders) copy_folder(std::string("etc/") + name);
    std::error_code error;
    const auto zone = fs::read_symlink(outside("etc/localtime"), error);
    if (!error) link(zone, "etc/localtime");
    link("../usr/lib/os-release", "etc/os-release");
    link("../proc/self/mounts", "etc/mtab");
  }

  void copy_file(const std::string& path) {
    std::error_code error;
    if (fs::is_regular_file(outside(path), error) && fs::file_size(outside(path), error) < (1 << 20))
      write(path, {read_small_file(outside(path), 1 << 20)});
  }

  void copy_folder(const std::string& path) {
    std::error_code error;
    int budget = 500;  // files; these folders have a dozen
    for (fs::recursive_directory_iterator it(outside(path), error), end; !error && it != end && --budget > 0;
         it.increment(error)) {
      const std::string below = path + "/" + fs::relative(it->path(), outside(path)).string();
      const auto status = it->symlink_status(error);
      if (fs::is_symlink(status)) {
        fs::create_directories(inside(below).parent_path());
        link(fs::read_symlink(it->path()), below);
      } else if (fs::is_regular_file(status)) {
        copy_file(below);
      }
    }
  }

  const SystemSource& source_;
  fs::path root_;
  SystemImage image_;
};

}  // namespace

Result<SystemImage> prepare_system(const SystemSource& source, const std::string& folder) {
  try {
    fs::create_directories(folder);
    return Skeleton(source, folder).build();
  } catch (const fs::filesystem_error& error) {
    return failure(ErrorCode::internal, "The server could not prepare the workspaces' system.", error.what());
  }
}

}  // namespace berth::server::local
