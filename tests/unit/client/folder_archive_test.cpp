// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/folder_archive.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

#include "client/core/tar_header.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::FolderArchive;

class FolderArchiveTest : public testing::Test {
 protected:
  void put(const QString& path, const QByteArray& bytes, int mode = 0644) {
    const auto whole = folder.filePath(QStringLiteral("work/") + path);
    QDir().mkpath(QFileInfo(whole).path());
    QFile file(whole);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    ASSERT_EQ(::chmod(whole.toLocal8Bit().constData(), static_cast<mode_t>(mode)), 0);
  }
  QString pack(FolderArchive& archive) {
    QString problem = QStringLiteral("not finished");
    QObject::connect(&archive, &FolderArchive::finished, [&](const QString& text) { problem = text; });
    archive.start();
    EXPECT_TRUE(wait_for([&] { return problem != QStringLiteral("not finished"); }, 20'000));
    return problem;
  }
  /// By the system's own tar, into a folder beside.
  QString unpack(FolderArchive& archive) {
    const auto place = folder.filePath(QStringLiteral("unpacked"));
    QDir().mkpath(place);
    QProcess tar;
    tar.start(QStringLiteral("tar"),
              {QStringLiteral("-xzpf"), archive.file()->fileName(), QStringLiteral("-C"), place});
    EXPECT_TRUE(wait_for([&] { return tar.state() == QProcess::NotRunning; }, 10'000));
    EXPECT_EQ(tar.exitCode(), 0) << tar.readAllStandardError().toStdString();
    return place;
  }
  static QByteArray read(const QString& path) {
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
    return file.readAll();
  }

  QTemporaryDir folder;
};

TEST_F(FolderArchiveTest, AllThatIsInAFolderComesOutAgain) {
  const auto deep = QString(60, QLatin1Char('d')) + QLatin1Char('/') + QString(90, QLatin1Char('e')) +
                    QStringLiteral("/föhn.txt");
  put(QStringLiteral("main.py"), "print()\n", 0755);
  put(QStringLiteral(".hidden"), "h");
  put(QStringLiteral("empty"), "");
  put(QStringLiteral("exactly"), QByteArray(512, 'x'));
  put(QStringLiteral("large.bin"), QByteArray(3'000'001, 'z'));
  put(deep, "far down\n");
  QDir(folder.filePath(QStringLiteral("work"))).mkdir(QStringLiteral("bare"));
  const auto link = folder.filePath(QStringLiteral("work/link")).toLocal8Bit();
  const std::string target = "../" + std::string(120, 't');
  ASSERT_EQ(::symlink(target.c_str(), link.constData()), 0);
  ASSERT_EQ(::mkfifo(folder.filePath(QStringLiteral("work/pipe")).toLocal8Bit().constData(), 0600), 0);

  FolderArchive archive(folder.filePath(QStringLiteral("work")));
  EXPECT_EQ(pack(archive), QString());
  EXPECT_TRUE(archive.file()->isOpen());
  EXPECT_EQ(archive.file()->pos(), 0);
  EXPECT_GT(archive.file()->size(), 0);
  const QDir out(unpack(archive));
  EXPECT_EQ(read(out.filePath(QStringLiteral("main.py"))), "print()\n");
  EXPECT_TRUE(QFileInfo(out.filePath(QStringLiteral("main.py"))).isExecutable());
  EXPECT_EQ(read(out.filePath(QStringLiteral(".hidden"))), "h");
  EXPECT_EQ(read(out.filePath(QStringLiteral("empty"))), "");
  EXPECT_EQ(read(out.filePath(QStringLiteral("exactly"))), QByteArray(512, 'x'));
  EXPECT_EQ(read(out.filePath(QStringLiteral("large.bin"))), QByteArray(3'000'001, 'z'));
  EXPECT_EQ(read(out.filePath(deep)), "far down\n");
  EXPECT_TRUE(QFileInfo(out.filePath(QStringLiteral("bare"))).isDir());
  EXPECT_EQ(QFileInfo(out.filePath(QStringLiteral("link"))).readSymLink(), QString::fromStdString(target));
  EXPECT_FALSE(out.exists(QStringLiteral("pipe"))) << "neither file, folder nor link";
}

TEST_F(FolderArchiveTest, WhatCannotBeReadIsNamed) {
  FolderArchive archive(folder.filePath(QStringLiteral("nowhere")));
  const auto problem = pack(archive);
  EXPECT_TRUE(problem.contains(QStringLiteral("nowhere can't be read"))) << problem.toStdString();
}

TEST_F(FolderArchiveTest, LeavesNoFileBehindWhenItIsGivenUp) {
  for (int i = 0; i < 40; ++i) put(QStringLiteral("file%1").arg(i), QByteArray(1'000'000, 'a'));
  QString packed;
  {
    FolderArchive archive(folder.filePath(QStringLiteral("work")));
    qint64 told = 0;
    QObject::connect(&archive, &FolderArchive::progress, [&](qint64, qint64 all) { told = all; });
    archive.start();
    packed = archive.file()->fileName();
    EXPECT_TRUE(QFile::exists(packed));
    EXPECT_TRUE(wait_for([&] { return told > 0; }, 20'000)) << "progress is told";
    EXPECT_EQ(told, 40'000'000);
  }
  EXPECT_FALSE(QFile::exists(packed));
}

TEST(TarHeader, PutsInRecordsWhatDoesNotFit) {
  client::TarEntry entry{"short"};
  entry.size = 3;
  EXPECT_EQ(client::tar_header(entry).size(), 512u);
  EXPECT_EQ(client::tar_padding(3), 509u);
  EXPECT_EQ(client::tar_padding(1024), 0u);
  entry.path = std::string(101, 'p');
  EXPECT_EQ(client::tar_header(entry).size(), 512u + 512u + 512u);
  EXPECT_NE(client::tar_header(entry).find("111 path=" + entry.path + "\n"), std::string::npos);
  entry.path = "large";
  entry.size = 9ull << 30;
  EXPECT_NE(client::tar_header(entry).find("19 size=9663676416\n"), std::string::npos);
}

}  // namespace
}  // namespace berth::test
