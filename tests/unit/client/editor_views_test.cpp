// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of files beside their text: pictures, previews, paper, differences; and how they are read.
#include <QBuffer>
#include <QImageWriter>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QToolButton>
#include <set>

#include "client/core/side_by_side.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/file_text.hpp"
#include "client/desktop/image_view.hpp"
#include "client/desktop/markdown_view.hpp"
#include "client/desktop/text_choices.hpp"
#include "client/desktop/text_printing.hpp"
#include "editor_fixture.hpp"

namespace berth::desktop {
namespace {

QByteArray picture(const char* format, int width = 40, int height = 30) {
  QImage image(width, height, QImage::Format_RGB32);
  image.fill(Qt::red);
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, format);
  return buffer.data();
}

// Two frames of one pixel, black and white.
const QByteArray moving_gif = QByteArray::fromHex(
    "47494638396101000100800000000000ffffff21ff0b4e45545343415045322e300301000000"
    "21f904000a0000002c0000000001000100000202440100"
    "21f904000a0000002c00000000010001000002024c01003b");

class ImageViews : public testing::Test {
 protected:
  void show(const QByteArray& bytes, const char* name) {
    view.resize(400, 300);
    view.show();
    bool shown = false;
    const auto told = QObject::connect(&view, &ImageView::shown, [&] { shown = true; });
    view.setPicture(bytes, QString::fromLatin1(name));
    EXPECT_TRUE(test::wait_for([&] { return shown; })) << name;
    QObject::disconnect(told);
  }
  ImageView view;
};

TEST_F(ImageViews, PicturesOfAllKindsAreShownWithTheirSize) {
  for (const char* format : {"png", "jpeg", "bmp"}) {
    show(picture(format), (std::string("a.") + format).c_str());
    EXPECT_TRUE(view.facts().startsWith(QStringLiteral("40 × 30 · ") + QString::fromLatin1(format).toUpper()))
        << view.facts().toStdString();
    EXPECT_GT(view.grab().toImage().pixelColor(200, 120).red(), 250) << format;
    EXPECT_LT(view.grab().toImage().pixelColor(200, 120).green(), 5) << format;
  }
  if (QImageWriter::supportedImageFormats().contains("webp")) {
    show(picture("webp"), "a.webp");
    EXPECT_TRUE(view.facts().contains(QStringLiteral("WEBP"))) << view.facts().toStdString();
  }
  show(moving_gif, "a.gif");
  EXPECT_TRUE(view.facts().startsWith(QStringLiteral("1 × 1 · GIF"))) << view.facts().toStdString();
  show(
      "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'><rect width='40' height='30' "
      "fill='blue'/></svg>",
      "a.svg");
  EXPECT_TRUE(view.facts().startsWith(QStringLiteral("40 × 30 · SVG")));
  EXPECT_EQ(view.grab().toImage().pixelColor(200, 120), QColor(Qt::blue));
  EXPECT_TRUE(is_picture_name(QStringLiteral("A.PNG")));
  EXPECT_FALSE(is_picture_name(QStringLiteral("a.txt")));
}

TEST_F(ImageViews, TheyAreEnlargedByKeysAndFitAgain) {
  show(picture("png", 1'000, 600), "a.png");
  EXPECT_LT(view.zoom(), 0.4) << "as large as there is room";
  QTest::keyClick(&view, Qt::Key_1);
  EXPECT_DOUBLE_EQ(view.zoom(), 1);
  QTest::keyClick(&view, Qt::Key_Plus);
  EXPECT_DOUBLE_EQ(view.zoom(), 1.25);
  view.setZoom(1e9);
  EXPECT_LE(view.zoom(), 32);
  QTest::keyClick(&view, Qt::Key_0);
  EXPECT_LT(view.zoom(), 0.4);
}

TEST_F(ImageViews, HostilePicturesFetchNothingAndSaySo) {
  show("no picture at all", "a.png");
  EXPECT_TRUE(view.findChild<QLabel*>()->isVisible());
  // One that claims to be far too large.
  auto large = picture("bmp");
  large.replace(18, 8,
                QByteArray::fromHex("00000010"
                                    "00000010"));
  show(large, "a.bmp");
  QTemporaryDir folder;
  const auto secret = folder.filePath(QStringLiteral("secret.png"));
  QImage image(40, 30, QImage::Format_RGB32);
  image.fill(Qt::green);
  ASSERT_TRUE(image.save(secret));
  for (const auto& href : {secret, QStringLiteral("file://") + secret}) {
    const auto svg = QStringLiteral(
                         "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
                         "width='40' height='30'><image xlink:href=\"%1\" width='40' height='30'/></svg>")
                         .arg(href);
    const auto made = decode_picture(svg.toUtf8(), QStringLiteral("a.svg"));
    EXPECT_NE(made.image.pixelColor(20, 15), QColor(Qt::green));
    EXPECT_NE(decode_picture(svg.toUtf8(), QStringLiteral("a.png")).image.pixelColor(20, 15),
              QColor(Qt::green));
    EXPECT_FALSE(made.svg.contains("secret"));
  }
}

TEST(MarkdownViews, ReadAsMarkdownWithoutHtmlOrNetwork) {
  MarkdownView view;
  view.resize(500, 400);
  QStringList fetched;
  view.setFetch([&](const QString& path, std::function<void(const QByteArray&)> done) {
    fetched.append(path);
    done(picture("png", 900, 90));
  });
  view.show();
  view.showMarkdown(
      QStringLiteral(
          "# Title\n\nSome `code` and <b>no html</b>, [a link](b.md).\n\n"
          "```cpp\nint a; // b\n\nint c;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n"
          "![p](img/p.png) ![out](../../../etc/p.png) ![net](https://example.com/p.png) ![abs](/p.png)\n"),
      QStringLiteral("project/docs"));
  EXPECT_TRUE(view.toPlainText().contains(QStringLiteral("<b>no html</b>")));
  ASSERT_TRUE(test::wait_for([&] { return !fetched.isEmpty(); }));
  EXPECT_TRUE(test::wait_for([&] {
    const auto found =
        view.document()->resource(QTextDocument::ImageResource, QUrl(QStringLiteral("img/p.png")));
    return found.value<QImage>().width() > 1;
  }));
  EXPECT_EQ(fetched, QStringList{QStringLiteral("project/docs/img/p.png")}) << "nothing else";
  // Code has its colours.
  std::set<QRgb> colours;
  for (auto block = view.document()->begin(); block.isValid(); block = block.next())
    if (block.text().startsWith(QStringLiteral("int a")))
      for (auto piece = block.begin(); !piece.atEnd(); ++piece)
        colours.insert(piece.fragment().charFormat().foreground().color().rgb());
  EXPECT_GE(colours.size(), 2u);
  view.showMarkdown(QStringLiteral("# Other\n"), QStringLiteral("project/docs"));
  EXPECT_EQ(view.toPlainText(), QStringLiteral("Other")) << "it follows the text";
}

TEST(MarkdownViews, LinksLeadWhereTheySayOrNowhere) {
  EXPECT_EQ(path_in_workspace(QStringLiteral("a/b"), QUrl(QStringLiteral("../c.md"))),
            QStringLiteral("a/c.md"));
  EXPECT_EQ(path_in_workspace({}, QUrl(QStringLiteral("c%20d.md"))), QStringLiteral("c d.md"));
  for (const char* out : {"../../../x", "/etc/passwd", "file:///etc/passwd", "https://a/b", "//a/b", ""})
    EXPECT_EQ(path_in_workspace(QStringLiteral("a/b"), QUrl(QString::fromLatin1(out))), QString()) << out;
  MarkdownView view;
  view.resize(300, 120);
  view.show();
  QString text;
  for (int i = 0; i < 40; ++i) text += QStringLiteral("# One two\n\ntext\n\n");
  view.showMarkdown(text, QStringLiteral("a"));
  QStringList files;
  QList<QUrl> addresses;
  QObject::connect(&view, &MarkdownView::fileWanted, [&](const QString& path) { files.append(path); });
  QObject::connect(&view, &MarkdownView::addressWanted, [&](const QUrl& url) { addresses.append(url); });
  for (const char* link : {"b.md", "https://example.com/x", "javascript:alert(1)", "file:///etc/passwd",
                           "mailto:a@example.com", "ssh://x", "../../x"})
    Q_EMIT view.anchorClicked(QUrl(QString::fromLatin1(link)));
  EXPECT_EQ(files, QStringList{QStringLiteral("a/b.md")});
  EXPECT_EQ(addresses, (QList<QUrl>{QUrl(QStringLiteral("https://example.com/x")),
                                    QUrl(QStringLiteral("mailto:a@example.com"))}));
  Q_EMIT view.anchorClicked(QUrl(QStringLiteral("#one-two-20")));
  EXPECT_GT(view.verticalScrollBar()->value(), 100);
}

TEST(Printing, WritesAPdfOfAllPages) {
  CodeEditor editor;
  editor.setFileName(QStringLiteral("a.cpp"));
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += "int a" + std::to_string(i) + " = \"" + std::string(i % 7 * 30, 'x') + "\";\n";
  editor.load(text);
  const QTemporaryDir folder;
  const auto printing = TextPrinting::of(&editor, QStringLiteral("project/a.cpp"));
  const auto pages_in = [&](const char* name, int from, int to) {
    const auto path = folder.filePath(QLatin1String(name));
    EXPECT_TRUE(printing.writePdf(path, from, to));
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    const auto bytes = file.readAll();
    EXPECT_TRUE(bytes.startsWith("%PDF"));
    return static_cast<int>(bytes.count("/Type /Page\n") + bytes.count("/Type /Page "));
  };
  EXPECT_GE(pages_in("a.pdf", 0, 0), 5);
  EXPECT_EQ(pages_in("b.pdf", 2, 3), 2) << "only some of them";
  EXPECT_FALSE(printing.writePdf(folder.filePath(QStringLiteral("no/such/folder.pdf"))));
}

TEST(InlineDifference, HasWhatWasTakenAwayAboveWhatCame) {
  const auto made = client::inline_difference(client::side_by_side("a\nb x\nc\nd", "a\nb y\nc\ne\nd"));
  EXPECT_EQ(made.text, "a\nb x\nb y\nc\ne\nd");
  using Kind = client::InlineDifference::Kind;
  EXPECT_EQ(made.kinds,
            (std::vector{Kind::same, Kind::removed, Kind::added, Kind::same, Kind::added, Kind::same}));
  EXPECT_EQ(made.left_numbers, (std::vector{1, 2, 0, 3, 0, 4}));
  EXPECT_EQ(made.right_numbers, (std::vector{1, 0, 2, 3, 4, 5}));
  ASSERT_GE(made.words.size(), 2u);
  EXPECT_EQ(made.text.substr(made.words[0].begin, made.words[0].length), "x");
  EXPECT_EQ(made.text.substr(made.words[1].begin, made.words[1].length), "y");
  const auto none = client::inline_difference(client::side_by_side("", ""));
  EXPECT_EQ(none.text, "");
}

TEST(DiffViews, AreSideBySideOrOneText) {
  QSettings().clear();
  DiffView view;
  view.resize(900, 400);
  auto* button = view.makeInlineButton();
  view.setVisible(true);
  bool compared = false;
  QObject::connect(&view, &DiffView::compared, [&] { compared = true; });
  view.show("a\nb\nc\n", "a\nx\nc\n", QStringLiteral("a.txt"));
  ASSERT_TRUE(test::wait_for([&] { return compared; }));
  EXPECT_TRUE(view.left()->isVisible());
  EXPECT_FALSE(view.both()->isVisible());
  button->click();
  EXPECT_FALSE(view.left()->isVisible());
  EXPECT_TRUE(view.both()->isVisible());
  EXPECT_EQ(view.both()->text(), QStringLiteral("a\nb\nx\nc\n"));
  EXPECT_EQ(view.changes(), std::vector<int>{1});
  DiffView other;
  EXPECT_TRUE(other.isInline()) << "one choice for all of them";
  button->click();
  EXPECT_TRUE(view.right()->isVisible());
  view.resize(400, 400);
  QCoreApplication::processEvents();
  EXPECT_TRUE(view.both()->isVisible()) << "too little room for two";
  delete button;
}

TEST(TextOfFile, IsReadAsItsEncodingSays) {
  using protocol::Encoding;
  EXPECT_EQ(text_of_file("a\r\nb\rc", Encoding::utf8), "a\nb\nc");
  EXPECT_EQ(text_of_file("\xef\xbb\xbf"
                         "a",
                         Encoding::utf8_bom),
            "a");
  EXPECT_EQ(text_of_file(QByteArray("a\0\xe4\0", 4), Encoding::utf16le), "aä");
  EXPECT_EQ(text_of_file("\xe4\x80", Encoding::windows1252), "ä€");
  EXPECT_EQ(text_of_file("\xe4", Encoding::unknown), "ä") << "no UTF-8";
  EXPECT_FALSE(text_of_file(QByteArray("a\0b", 3), Encoding::unknown)) << "no text";
}

}  // namespace
}  // namespace berth::desktop
