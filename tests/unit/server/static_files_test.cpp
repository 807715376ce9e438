// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/static_files.hpp"

#include <fstream>

#include "harness.hpp"

namespace berth::server {
namespace {

using testing::await;

class StaticFilesTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};
  Origins origins{"", {}};
  std::filesystem::path web = folder.path() / "dist";

  void SetUp() override {
    write("index.html", "<!doctype html>plain");
    write("index.html.br", "brotli");
    write("index.html.gz", "gzip");
    write("assets/main-abc123.js", "code");
    write("api-docs/index.html", "docs");
    write("../secret.txt", "secret");
    std::filesystem::create_symlink(folder.path() / "secret.txt", web / "leak.txt");
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((web / name).parent_path());
    std::ofstream(web / name) << text;
  }
  HttpResponse get(const std::string& target, Headers headers = {}, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    EXPECT_TRUE(parse_target(target, request)) << target;
    request.headers = std::move(headers);
    request.headers.emplace_back("Host", "localhost:7070");
    StaticFiles files(web, "http://*.localhost:7070", origins, pool);
    auto response = await(io, files.serve(request));
    if (response.stream)
      for (auto piece = await(io, response.stream->read()); piece && !piece->empty();
           piece = await(io, response.stream->read()))
        response.body += *piece;
    return response;
  }
};

TEST_F(StaticFilesTest, ServesTheBestCodingThatIsAccepted) {
  EXPECT_EQ(get("/").body, "<!doctype html>plain");
  const auto brotli = get("/", {{"Accept-Encoding", "gzip, deflate, br"}});
  EXPECT_EQ(brotli.body, "brotli");
  EXPECT_EQ(find_header(brotli.headers, "content-encoding"), "br");
  EXPECT_EQ(find_header(brotli.headers, "content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(find_header(brotli.headers, "vary"), "Accept-Encoding");
  EXPECT_EQ(get("/", {{"Accept-Encoding", "gzip"}}).body, "gzip");
  EXPECT_EQ(get("/", {{"Accept-Encoding", "br;q=0, gzip;q=0.5"}}).body, "gzip");
}

TEST_F(StaticFilesTest, HashedFilesAreCachedForEverAndPagesAreNot) {
  const auto script = get("/assets/main-abc123.js");
  EXPECT_EQ(script.body, "code");
  EXPECT_EQ(find_header(script.headers, "cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(find_header(get("/").headers, "cache-control"), "no-cache");
}

TEST_F(StaticFilesTest, PagesThatTheIdeDrawsItselfGetTheIndex) {
  for (const auto* path : {"/sign-in", "/workspaces/abcdefghij", "/setup?token=x"})
    EXPECT_EQ(get(path).body, "<!doctype html>plain") << path;
  EXPECT_EQ(get("/assets/missing-1.js").status, 404);
}

TEST_F(StaticFilesTest, NothingOutsideIsServed) {
  for (const auto* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                           "/assets/../../secret.txt", "/leak.txt", "//secret.txt", "/./../secret.txt"}) {
    const auto response = get(path);
    EXPECT_EQ(response.body.find("secret"), std::string::npos) << path;
    EXPECT_NE(response.status, 200) << path;
  }
}

TEST_F(StaticFilesTest, UnchangedFilesAreNotSentAgain) {
  const std::string etag(find_header(get("/").headers, "etag"));
  EXPECT_EQ(get("/", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(get("/", {{"If-None-Match", etag}, {"Accept-Encoding", "br"}}).status, 200)
      << "another coding is another thing";
}

TEST_F(StaticFilesTest, ThePolicyAllowsPreviewsInFramesAndNoForeignScript) {
  const auto response = get("/");
  const std::string policy(find_header(response.headers, "content-security-policy"));
  EXPECT_NE(policy.find("script-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("frame-src http://*.localhost:7070;"), std::string::npos);
  EXPECT_NE(policy.find("ws://localhost:7070"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_NE(policy.find("worker-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("font-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("img-src 'self' data:;"), std::string::npos);
  for (const auto* wide : {"unsafe-eval", "blob:", "*;", "https:"})
    EXPECT_EQ(policy.find(wide), std::string::npos) << wide;
}

TEST_F(StaticFilesTest, ApiDocsLieBelowTheApi) {
  EXPECT_EQ(get("/api/docs/").body, "docs");
  const auto redirect = get("/api/docs");
  EXPECT_EQ(redirect.status, 308);
  EXPECT_EQ(find_header(redirect.headers, "location"), "/api/docs/");
}

TEST_F(StaticFilesTest, OnlyReading) { EXPECT_EQ(get("/", {}, "POST").status, 405); }

TEST_F(StaticFilesTest, AMissingWebFolderIsExplained) {
  web = folder.path() / "nowhere";
  const auto response = get("/");
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(response.body.find("--web"), std::string::npos);
}

}  // namespace
}  // namespace berth::server
