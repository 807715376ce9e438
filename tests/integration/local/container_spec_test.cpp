// SPDX-License-Identifier: GPL-3.0-or-later
// The pure parts of the local backend: specs, rules and tables, with data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "server/backends/local/generated_etc.hpp"
#include "server/backends/local/network_rules.hpp"
#include "server/backends/local/oci_spec.hpp"
#include "server/backends/local/seccomp_profile.hpp"
#include "server/backends/local/user_namespace.hpp"
#include "server/backends/local/workspace_record.hpp"

namespace berth::server::local {

namespace {

using protocol::Json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ContainerPlan plan() {
  return {.root = "/data/system/host",
          .binds = {{"/usr", "/usr"}, {"/data/home", home_inside, false}},
          .arguments = {runner_inside, "--config-fd", "3"},
          .environment = {{"LANG", "C.UTF-8"}},
          .two_uids = true,
          .cgroup = "/berth-1000/ws-abc",
          .limits = {.cpu = 0.5, .memory = 512ull << 20, .processes = 200}};
}

std::set<std::string> names(const Json& list, const char* field) {
  std::set<std::string> out;
  for (const auto& item : list) out.insert(item[field].get<std::string>());
  return out;
}

Json mount_at(const Json& spec, const std::string& destination) {
  for (const auto& mount : spec["mounts"])
    if (mount["destination"] == destination) return mount;
  return {};
}

TEST(ContainerSpec, has_every_namespace) {
  EXPECT_EQ(names(oci_spec(plan())["linux"]["namespaces"], "type"),
            (std::set<std::string>{"user", "pid", "mount", "ipc", "uts", "cgroup", "network"}));
}

TEST(ContainerSpec, with_two_ids_the_runner_may_change_ids_and_nothing_else) {
  const auto process = oci_spec(plan())["process"];
  for (const char* set : {"bounding", "effective", "permitted"})
    EXPECT_EQ(process["capabilities"][set], Json({"CAP_SETUID", "CAP_SETGID"})) << set;
  for (const char* set : {"inheritable", "ambient"})
    EXPECT_THAT(process["capabilities"][set], IsEmpty()) << set;
  EXPECT_EQ(process["noNewPrivileges"], true);
}

TEST(ContainerSpec, with_one_id_there_are_no_capabilities_at_all) {
  auto one = plan();
  one.two_uids = false;
  const auto spec = oci_spec(one);
  for (const auto& set : spec["process"]["capabilities"]) EXPECT_THAT(set, IsEmpty());
  EXPECT_EQ(spec["linux"]["uidMappings"].size(), 1u);
}

TEST(ContainerSpec, maps_two_ids_and_no_more) {
  const auto maps = oci_spec(plan())["linux"]["uidMappings"];
  ASSERT_EQ(maps.size(), 2u);
  for (const auto& map : maps) EXPECT_EQ(map["size"], 1);
  EXPECT_EQ(maps[1]["containerID"], 1000);
}

TEST(ContainerSpec, only_the_home_is_writable_on_disk) {
  const auto spec = oci_spec(plan());
  EXPECT_EQ(spec["root"]["readonly"], true);
  EXPECT_THAT(mount_at(spec, "/usr")["options"], Contains("ro"));
  EXPECT_THAT(mount_at(spec, home_inside)["options"], Contains("rw"));
  for (const auto& mount : spec["mounts"]) EXPECT_THAT(mount["options"], Contains("nosuid")) << mount;
}

TEST(ContainerSpec, memory_files_are_limited_by_the_workspaces_memory) {
  EXPECT_THAT(mount_at(oci_spec(plan()), "/tmp")["options"], Contains("size=134217728"));
  EXPECT_EQ(mount_at(oci_spec(plan()), "/sys"), Json());
}

TEST(ContainerSpec, names_the_cgroup_only_where_there_is_one) {
  EXPECT_EQ(oci_spec(plan())["linux"]["cgroupsPath"], "/berth-1000/ws-abc");
  auto without = plan();
  without.cgroup.clear();
  EXPECT_FALSE(oci_spec(without)["linux"].contains("cgroupsPath"));
}

TEST(ContainerSpec, a_count_of_processes_holds_also_without_cgroups) {
  for (const auto& limit : oci_spec(plan())["process"]["rlimits"])
    EXPECT_TRUE(limit["type"] != "RLIMIT_NPROC" || limit["hard"] == 200) << limit;
}

TEST(SeccompProfile, refuses_what_it_does_not_name_and_names_no_administration) {
  const auto profile = seccomp_profile();
  EXPECT_EQ(profile["defaultAction"], "SCMP_ACT_ERRNO");
  std::set<std::string> allowed;
  for (const auto& rule : profile["syscalls"])
    for (const auto& name : rule["names"]) allowed.insert(name.get<std::string>());
  for (const char* needed :
       {"read", "openat2", "execve", "epoll_pwait2", "futex", "ptrace", "statx", "inotify_add_watch"})
    EXPECT_TRUE(allowed.contains(needed)) << needed;
  for (const char* never : {"mount",
                            "umount2",
                            "pivot_root",
                            "unshare",
                            "setns",
                            "bpf",
                            "keyctl",
                            "add_key",
                            "init_module",
                            "finit_module",
                            "kexec_load",
                            "reboot",
                            "userfaultfd",
                            "perf_event_open",
                            "open_by_handle_at",
                            "io_uring_setup",
                            "settimeofday",
                            "clock_settime",
                            "swapon",
                            "chroot",
                            "move_mount",
                            "fsopen",
                            "iopl",
                            "ioperm",
                            "quotactl",
                            "syslog",
                            "vhangup",
                            "acct",
                            "nfsservctl",
                            "lookup_dcookie"})
    EXPECT_FALSE(allowed.contains(never)) << never;
}

TEST(SeccompProfile, clone_makes_no_namespaces_and_clone3_falls_back) {
  for (const auto& rule : seccomp_profile()["syscalls"]) {
    if (rule["names"] == Json({"clone"})) {
      EXPECT_EQ(rule["args"][0]["op"], "SCMP_CMP_MASKED_EQ");
      EXPECT_EQ(rule["args"][0]["value"], 0x7E020000);
      EXPECT_EQ(rule["args"][0]["valueTwo"], 0);
    }
    if (rule["names"] == Json({"clone3"})) {
      EXPECT_EQ(rule["errnoRet"], 38);
    }
  }
}

TEST(NetworkRules, takes_addresses_and_networks_and_nothing_else) {
  EXPECT_EQ(parse_network("10.1.2.0/24"), "10.1.2.0/24");
  EXPECT_EQ(parse_network("192.168.1.7"), "192.168.1.7");
  EXPECT_EQ(parse_network("FD00::0:5"), "fd00::5");
  EXPECT_EQ(parse_network("fd00::/64"), "fd00::/64");
  for (const char* wrong : {"", "10.1.2", "10.1.2.0/33", "fd00::/129", "10.0.0.0/8 accept", "10.0.0.0/-1",
                            "example.org", "10.0.0.0/", "10.0.0.0/8\n", "; flush ruleset"})
    EXPECT_FALSE(parse_network(wrong)) << wrong;
}

TEST(NetworkRules, the_host_is_refused_before_anything_is_allowed_and_private_networks_after) {
  const auto rules = network_rules({dns_address, {"203.0.113.9"}, {"10.1.0.0/16"}});
  ASSERT_TRUE(rules);
  const auto host = rules->find("ip daddr 203.0.113.9 reject");
  const auto allowed = rules->find("ip daddr 10.1.0.0/16 accept");
  const auto rest = rules->find("169.254.0.0/16");
  ASSERT_NE(host, std::string::npos);
  EXPECT_LT(host, allowed);
  EXPECT_LT(allowed, rest);
  EXPECT_FALSE(network_rules({"not an address", {}, {}}));
  EXPECT_FALSE(network_rules({dns_address, {}, {"accept"}}));
}

TEST(SubordinateIds, are_found_by_name_or_number) {
  const std::string table = "other:100000:65536\nberth:165536:65536\n1234:300000:1\nbroken\nempty:5:0\n";
  EXPECT_EQ(subordinate_id(table, "berth", 1000), 165536u);
  EXPECT_EQ(subordinate_id(table, "nobody", 1234), 300000u);
  EXPECT_EQ(subordinate_id(table, "", 1234), 300000u);
  EXPECT_EQ(subordinate_id(table, "empty", 1), 0u);
  EXPECT_EQ(subordinate_id(table, "stranger", 1), 0u);
}

TEST(NpmSettings, pass_a_registry_and_never_a_secret) {
  const auto passed = npm_settings(
      "registry = https://npm.example.org/\nstrict-ssl=false\n//npm.example.org/:_authToken=abc\n_auth=def\n"
      "cafile=/root/ca.pem\n; comment\n");
  EXPECT_THAT(passed, HasSubstr("https://npm.example.org/"));
  EXPECT_THAT(passed, HasSubstr("strict-ssl"));
  for (const char* never : {"abc", "def", "/root"}) EXPECT_THAT(passed, Not(HasSubstr(never)));
  EXPECT_EQ(npm_settings("registry=https://user:password@npm.example.org/\n"), "");
}

TEST(GeneratedEtc, names_the_person_by_the_id_that_programs_run_as) {
  EXPECT_THAT(generated_etc({.two_uids = true, .trusts = "", .npm_lines = ""}).at("passwd").content,
              HasSubstr("berth:x:1000:1000::/home/berth:/bin/bash"));
  EXPECT_TRUE(generated_etc({.two_uids = false, .trusts = "", .npm_lines = ""})
                  .at("passwd")
                  .content.starts_with("berth:x:0:0:"));
}

TEST(WorkspaceEnvironment, trusts_the_hosts_certificates_and_takes_extra_values) {
  const auto with =
      workspace_environment("/etc/ssl/certs/ca-certificates.crt", {{"http_proxy", "http://proxy:3128"}});
  EXPECT_EQ(with.at("NODE_EXTRA_CA_CERTS"), "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(with.at("http_proxy"), "http://proxy:3128");
  EXPECT_EQ(with.at("LANG"), "C.UTF-8");
  EXPECT_FALSE(workspace_environment("", {}).contains("NODE_EXTRA_CA_CERTS"));
}

TEST(WorkspaceId, is_ten_letters_or_digits_of_base32) {
  EXPECT_TRUE(is_workspace_id("abcdefg234"));
  for (const char* wrong : {"", "abcdefg23", "abcdefg2345", "abcdefg230", "../../../..", "ABCDEFG234"})
    EXPECT_FALSE(is_workspace_id(wrong));
}

}  // namespace

}  // namespace berth::server::local
