// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/transfers.hpp"

#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

class TransfersTest : public testing::Test {
 protected:
  static constexpr std::uint64_t window = 100'000;

  void SetUp() override {
    runner.on<FileWrite>([this](const FileWrite::Params& params) -> Result<FileWrite::Result> {
      if (params.expected_etag && files.contains(params.path))
        return failure(ErrorCode::conflict, "The file exists already.");
      path = params.path;
      received.clear();
      return FileWrite::Result{7, window};
    });
    runner.on<FileCommit>([this](const FileCommit::Params& params) -> Result<FileCommit::Result> {
      if (params.size != received.size()) return failure(ErrorCode::invalid_argument, "The size differs.");
      files[path] = received;
      return FileCommit::Result{"etag"};
    });
    runner.on<FileRead>([this](const FileRead::Params& params) -> Result<FileRead::Result> {
      received = files.at(params.path);
      sent = 0;
      granted = params.credit;
      QTimer::singleShot(0, &runner, [this] { pump(); });
      return FileRead::Result{9, received.size(), "etag"};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.channel == 7 && header.kind == FrameKind::data) {
        EXPECT_EQ(header.offset, received.size());
        received.append(payload);
        runner.sendFrame({FrameKind::credit, false, 7, received.size() + window});
      } else if (header.channel == 9 && header.kind == FrameKind::credit) {
        granted = header.offset;
        pump();
      }
    };
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
  }
  void pump() {
    while (sent < received.size() && sent < std::min(granted, stall_at)) {
      const auto bytes = std::min<std::size_t>({granted - sent, received.size() - sent, max_binary_payload});
      runner.sendFrame({FrameKind::data, false, 9, sent}, std::string_view(received).substr(sent, bytes));
      sent += bytes;
    }
    if (sent == received.size()) runner.sendFrame({FrameKind::end, false, 9, sent});
  }
  QString local(const QString& name, const QByteArray& bytes) {
    QFile file(folder.filePath(name));
    QDir().mkpath(QFileInfo(file).path());
    file.open(QIODevice::WriteOnly);
    file.write(bytes);
    return file.fileName();
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  client::Transfers transfers{&connection};
  QTemporaryDir folder;
  std::map<std::string, std::string> files;
  std::string path;
  std::string received;
  std::uint64_t sent = 0;
  std::uint64_t granted = 0;
  std::uint64_t stall_at = UINT64_MAX;  // the runner sends no byte past this
};

TEST_F(TransfersTest, UploadsFilesAndFoldersWithinTheCredit) {
  const QByteArray large(3'000'000, 'u');
  const QList<QUrl> urls{
      QUrl::fromLocalFile(local(QStringLiteral("one.bin"), large)),
      QUrl::fromLocalFile(QFileInfo(local(QStringLiteral("inner/deep/two.txt"), "two")).path().chopped(5))};
  transfers.upload(urls, QStringLiteral("project"), false);
  ASSERT_TRUE(wait_for([this] { return transfers.active() == 0; }));
  EXPECT_EQ(files["project/one.bin"], large.toStdString());
  EXPECT_EQ(files["project/inner/deep/two.txt"], "two");
}

TEST_F(TransfersTest, DoesNotReplaceUnasked) {
  files["project/a"] = "old";
  QString problem;
  QObject::connect(&transfers, &client::Transfers::failed,
                   [&](const QString&, const QString& text) { problem = text; });
  transfers.upload({QUrl::fromLocalFile(local(QStringLiteral("a"), "new"))}, QStringLiteral("project"),
                   false);
  ASSERT_TRUE(wait_for([&] { return !problem.isEmpty(); }));
  EXPECT_EQ(files["project/a"], "old");
}

TEST_F(TransfersTest, DownloadsWholeFiles) {
  files["project/big"] = std::string(5'000'000, 'd');
  const auto target = folder.filePath(QStringLiteral("big"));
  transfers.download(QStringLiteral("project/big"), target);
  ASSERT_TRUE(wait_for([this] { return transfers.active() == 0; }));
  QFile file(target);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.readAll().toStdString(), files["project/big"]);
}

TEST_F(TransfersTest, ADropLeavesNoHalfFile) {
  files["project/big"] = std::string(5'000'000, 'd');
  stall_at = 2'000'000;
  const auto target = folder.filePath(QStringLiteral("half"));
  QString problem;
  QObject::connect(&transfers, &client::Transfers::failed,
                   [&](const QString&, const QString& text) { problem = text; });
  transfers.download(QStringLiteral("project/big"), target);
  ASSERT_TRUE(wait_for([this] { return sent >= stall_at; }));
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return !problem.isEmpty(); }));
  EXPECT_FALSE(QFile::exists(target));
}

}  // namespace
}  // namespace berth::test
