// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "harness.hpp"

namespace berth::server {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  std::map<std::string, std::string> environment;
  ConfigSources sources;

  void SetUp() override {
    sources.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto it = environment.find(name);
      return it == environment.end() ? std::nullopt : std::optional(it->second);
    };
  }
  void write_file(const std::string& text) {
    sources.file = folder.path() / "berthd.toml";
    std::ofstream(*sources.file) << text;
  }
  std::string error() { return load_config(sources).error().message; }
};

TEST_F(ConfigTest, DefaultsServeTheLoopback) {
  const auto config = load_config(sources);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->listen.host, "127.0.0.1");
  EXPECT_EQ(config->listen.port, 7070);
  EXPECT_EQ(config->preview_listen->port, 7071);
  EXPECT_TRUE(config->registration_open);
  EXPECT_EQ(config->idle_stop_minutes, 30);
}

TEST_F(ConfigTest, FlagsBeatEnvironmentBeatsFile) {
  write_file("listen = \"127.0.0.1:1\"\nthreads = 3\nidle_stop_minutes = 7\n");
  environment = {{"BERTH_LISTEN", "127.0.0.1:2"}, {"BERTH_THREADS", "4"}};
  sources.flags = {{"listen", "127.0.0.1:3"}};
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->listen.port, 3);
  EXPECT_EQ(config->threads, 4);
  EXPECT_EQ(config->idle_stop_minutes, 7);
}

TEST_F(ConfigTest, ListsAreTomlArraysOrCommas) {
  write_file("cors = [\"https://a.example\", \"https://b.example\"]\n");
  environment = {{"BERTH_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"}};
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->cors, (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_EQ(config->trusted_proxies, (std::vector<std::string>{"10.0.0.1", "10.0.0.2"}));
}

TEST_F(ConfigTest, PreviewListenCanBeOff) {
  sources.flags = {{"preview_listen", "off"}};
  EXPECT_FALSE(load_config(sources)->preview_listen);
}

TEST_F(ConfigTest, Ipv6EndpointsAreTaken) {
  sources.flags = {{"listen", "[::1]:0"}};
  EXPECT_EQ(load_config(sources)->listen.host, "::1");
}

TEST_F(ConfigTest, AWrongValueNamesItsSource) {
  environment = {{"BERTH_THREADS", "many"}};
  EXPECT_EQ(error(), "environment BERTH_THREADS: must be a number from 1 to 64");
  environment.clear();
  sources.flags = {{"preview_listen", "7071"}};
  EXPECT_EQ(error(), "--preview-listen: must look like 127.0.0.1:7070");
  sources.flags.clear();
  write_file("registration_open = \"perhaps\"\n");
  EXPECT_EQ(error(), sources.file->string() + ": registration_open: must be true or false");
}

TEST_F(ConfigTest, UnknownKeysAndBrokenTomlAreErrors) {
  write_file("lisen = \"127.0.0.1:1\"\n");
  EXPECT_EQ(error(), sources.file->string() + ": lisen: there is no such option");
  write_file("threads = 1\nlisten =\n");
  EXPECT_NE(error().find("berthd.toml:2"), std::string::npos) << error();
}

TEST_F(ConfigTest, AMissingFileIsAnError) {
  sources.file = folder.path() / "nowhere.toml";
  EXPECT_FALSE(load_config(sources));
}

TEST_F(ConfigTest, PublicUrlHasNoPath) {
  sources.flags = {{"public_url", "https://ide.example.org/berth"}};
  EXPECT_FALSE(load_config(sources));
  sources.flags = {{"public_url", "https://ide.example.org"}};
  EXPECT_TRUE(load_config(sources));
  sources.flags = {{"public_url", "ide.example.org"}};
  EXPECT_FALSE(load_config(sources));
}

TEST_F(ConfigTest, ATableOfTheFileIsAPrefix) {
  write_file("threads = 3\n[storage]\nkind = \"s3\"\nbucket = \"homes\"\nencrypt = true\n");
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->storage.kind, "s3");
  EXPECT_EQ(config->storage.bucket, "homes");
  EXPECT_TRUE(config->storage.encrypt);
  write_file("[storage]\nbuket = \"homes\"\n");
  EXPECT_EQ(error(), sources.file->string() + ": storage_buket: there is no such option");
}

TEST_F(ConfigTest, SecretsAreNoFlags) {
  sources.flags = {{"storage_secret_key", "sesame"}};
  EXPECT_TRUE(error().starts_with("--storage-secret-key: ")) << error();
  EXPECT_EQ(error().find("sesame"), std::string::npos);
  sources.flags.clear();
  environment = {{"BERTH_STORAGE_SECRET_KEY", "sesame"}};
  EXPECT_EQ(load_config(sources)->storage.secret_key, "sesame");
}

TEST_F(ConfigTest, MetadataLiesInSqliteOrInPostgresql) {
  EXPECT_EQ(load_config(sources)->database.url, "");
  sources.flags = {{"database", "postgresql://berth@db.example:5433/berth?sslmode=verify-full"},
                   {"database_connections", "20"}};
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(describe_postgresql(config->database.url), "postgresql://berth@db.example:5433/berth");
  EXPECT_EQ(config->database.connections, 20);
  sources.flags = {{"database", "sqlite"}};
  EXPECT_EQ(load_config(sources)->database.url, "");
  for (const auto* wrong :
       {"mysql://db.example/berth", "postgresql://db.example:port/berth", "host=db", ""}) {
    sources.flags = {{"database", wrong}};
    EXPECT_TRUE(error().starts_with("--database: ")) << wrong;
  }
}

TEST_F(ConfigTest, ThePasswordOfTheDatabaseIsNoFlag) {
  sources.flags = {{"database", "postgresql://berth:sesame@db.example/berth"}};
  EXPECT_TRUE(error().starts_with("--database: ")) << error();
  EXPECT_EQ(error().find("sesame"), std::string::npos);
  sources.flags = {{"database_password", "sesame"}};
  EXPECT_TRUE(error().starts_with("--database-password: ")) << error();
  sources.flags.clear();
  environment = {{"BERTH_DATABASE", "postgresql://berth:sesame@db.example/berth"}};
  EXPECT_TRUE(load_config(sources)) << "the environment is its owner's";
  write_file("database = \"postgresql://berth@db.example/berth\"\ndatabase_password = \"sesame\"\n");
  environment.clear();
  EXPECT_EQ(load_config(sources)->database.password, "sesame");
}

TEST_F(ConfigTest, AwsVariablesFillWhatIsNotSaid) {
  environment = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "key"}, {"AWS_REGION", "eu-1"}};
  EXPECT_EQ(load_config(sources)->storage.access_key, "");  // a directory needs none
  environment["BERTH_STORAGE_KIND"] = "s3";
  EXPECT_EQ(load_config(sources)->storage.access_key, "id");
  EXPECT_EQ(load_config(sources)->storage.region, "eu-1");
  environment["BERTH_STORAGE_ACCESS_KEY"] = "own";
  // Never half of one pair and half of another.
  EXPECT_EQ(load_config(sources)->storage.secret_key, "");
}

TEST_F(ConfigTest, WorkspacesAreLocalUnlessToldOtherwise) {
  EXPECT_EQ(load_config(sources)->backend, "local");
  sources.flags = {{"backend", "kubernetes"}};
  EXPECT_EQ(load_config(sources)->backend, "kubernetes");
  sources.flags = {{"backend", "docker"}};
  EXPECT_EQ(error(), "--backend: must be local or kubernetes");
}

TEST_F(ConfigTest, KubernetesIsATableOfTheFile) {
  write_file(R"(
backend = "kubernetes"
[kubernetes]
namespace = "team"
runner_image = "registry.example.org/berth/runner:1"
images = ["python=registry.example.org/python:3"]
home = "ephemeral"
home_size = 512
node_selector = ["disk=ssd", "zone=a"]
tolerations = "berth=yes:NoSchedule, spot:NoExecute, any"
server_networks = ["192.0.2.7/32"]
requested_share = 0.5
apply_policy = false
warm = "python=2"
)");
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  const auto& told = config->kubernetes;
  EXPECT_EQ(told.name_space, "team");
  EXPECT_EQ(told.runner_image, "registry.example.org/berth/runner:1");
  EXPECT_EQ(told.images.at("python"), "registry.example.org/python:3");
  EXPECT_TRUE(told.ephemeral_homes);
  EXPECT_EQ(told.home_size, 512u);
  EXPECT_EQ(told.node_selector, (std::map<std::string, std::string>{{"disk", "ssd"}, {"zone", "a"}}));
  EXPECT_EQ(
      told.tolerations,
      (std::vector<Toleration>{{"berth", "yes", "NoSchedule"}, {"spot", "", "NoExecute"}, {"any", "", ""}}));
  EXPECT_EQ(told.server_networks, std::vector<std::string>{"192.0.2.7/32"});
  EXPECT_EQ(told.requested_share, 0.5);
  EXPECT_FALSE(told.apply_policy);
  EXPECT_EQ(told.warm.at("python"), 2);
}

TEST_F(ConfigTest, WhatKubernetesCantTakeNamesItsSource) {
  const auto refused = [&](const char* name, const char* value) {
    sources.flags = {{name, value}};
    const auto config = load_config(sources);
    return config ? "" : config.error().message;
  };
  EXPECT_EQ(refused("kubernetes_home", "disk"), "--kubernetes-home: must be claim or ephemeral");
  EXPECT_EQ(refused("kubernetes_tolerations", "spot:Sometimes"),
            "--kubernetes-tolerations: an effect is NoSchedule, PreferNoSchedule or NoExecute");
  EXPECT_EQ(refused("kubernetes_tolerations", "=x"),
            "--kubernetes-tolerations: must look like key=value:NoSchedule,other:NoExecute");
  EXPECT_EQ(refused("kubernetes_node_selector", "ssd"),
            "--kubernetes-node-selector: must look like name=value,other=value");
  EXPECT_EQ(refused("kubernetes_warm", "python"), "--kubernetes-warm: must look like python=2,node=1");
  EXPECT_EQ(refused("kubernetes_warm", "python=many"), "--kubernetes-warm: must be a number from 0 to 100");
  EXPECT_EQ(refused("kubernetes_runner_port", "80"),
            "--kubernetes-runner-port: must be a number from 1024 to 65535");
}

TEST_F(ConfigTest, EveryOptionIsExplained) {
  for (const auto& option : config_options()) EXPECT_FALSE(option.help.empty()) << option.name;
}

TEST(Config, ATrustedProxyIsAnAddressOrANetwork) {
  const auto with = [](const std::string& list) {
    return load_config({.flags = {{"trusted_proxies", list}}, .environment = {}, .file = {}});
  };
  const auto good = with("10.0.0.0/8,192.0.2.7,fd00::/8");
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->trusted_proxies.size(), 3u);
  const auto wrong = with("10.0.0.0/8,proxy.example");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("--trusted-proxies: \"proxy.example\""), std::string::npos)
      << wrong.error().message;
}

}  // namespace
}  // namespace berth::server
