// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_schemes.hpp"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <algorithm>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr const char* scheme_key = "terminal/color_scheme";

struct Table {
  const char* id;
  const char* name;
  QRgb background, foreground;
  std::array<QRgb, 16> colours;
};

constexpr Table dark_of_theme{
    "berth_dark",
    QT_TRANSLATE_NOOP("Settings", "Berth Dark"),
    0x0f151c,
    0xd7e0ea,
    {0x27313d, 0xff6b7d, 0x6fd39b, 0xf2c46d, 0x6fb1ff, 0xd194f0, 0x56d4c8, 0xd7e0ea, 0x6b7a8c, 0xff8b99,
     0x8fe3b4, 0xffd98f, 0x93c5ff, 0xe0b1f7, 0x7fe3d9, 0xffffff}};
constexpr Table light_of_theme{
    "berth_light",
    QT_TRANSLATE_NOOP("Settings", "Berth Light"),
    0xfbfcfd,
    0x1d2733,
    {0x1d2733, 0xc4314b, 0x1f7a4d, 0x9a6700, 0x1a5fb4, 0x8b3fa0, 0x0b7a75, 0xb8c1cc, 0x5b6876, 0xd9435e,
     0x2a9460, 0xb57b07, 0x2f78d0, 0xa35ab8, 0x12918b, 0x8d99a6}};
// Every colour but black has 7:1 and more against the ground.
constexpr Table contrast_dark{
    "contrast_dark",
    QT_TRANSLATE_NOOP("Settings", "High Contrast Dark"),
    0x000000,
    0xffffff,
    {0x4a4a4a, 0xff8080, 0x50fa7b, 0xffff60, 0x8ab4ff, 0xff8cff, 0x5cffff, 0xffffff, 0xb0b0b0, 0xffa8a8,
     0x9dffb5, 0xffffa8, 0xb6d0ff, 0xffb8ff, 0xb0ffff, 0xffffff}};
constexpr Table contrast_light{
    "contrast_light",
    QT_TRANSLATE_NOOP("Settings", "High Contrast Light"),
    0xffffff,
    0x000000,
    {0x000000, 0x9b0000, 0x005a00, 0x5f4300, 0x0000b0, 0x76007a, 0x00545e, 0x595959, 0x3d3d3d, 0x8a0000,
     0x004d00, 0x523900, 0x000099, 0x650068, 0x00474f, 0x000000}};
constexpr std::array<Table, 11> tables{{
    dark_of_theme,
    light_of_theme,
    contrast_dark,
    contrast_light,
    {"dracula",
     "Dracula",
     0x282a36,
     0xf8f8f2,
     {0x21222c, 0xff5555, 0x50fa7b, 0xf1fa8c, 0xbd93f9, 0xff79c6, 0x8be9fd, 0xf8f8f2, 0x6272a4, 0xff6e6e,
      0x69ff94, 0xffffa5, 0xd6acff, 0xff92df, 0xa4ffff, 0xffffff}},
    {"gruvbox_dark",
     "Gruvbox Dark",
     0x282828,
     0xebdbb2,
     {0x3c3836, 0xcc241d, 0x98971a, 0xd79921, 0x458588, 0xb16286, 0x689d6a, 0xa89984, 0x928374, 0xfb4934,
      0xb8bb26, 0xfabd2f, 0x83a598, 0xd3869b, 0x8ec07c, 0xebdbb2}},
    {"nord",
     "Nord",
     0x2e3440,
     0xd8dee9,
     {0x3b4252, 0xbf616a, 0xa3be8c, 0xebcb8b, 0x81a1c1, 0xb48ead, 0x88c0d0, 0xe5e9f0, 0x616e88, 0xbf616a,
      0xa3be8c, 0xebcb8b, 0x81a1c1, 0xb48ead, 0x8fbcbb, 0xeceff4}},
    {"one_dark",
     "One Dark",
     0x282c34,
     0xabb2bf,
     {0x3f4451, 0xe06c75, 0x98c379, 0xe5c07b, 0x61afef, 0xc678dd, 0x56b6c2, 0xd7dae0, 0x7f848e, 0xf44747,
      0xa9d68b, 0xf0d08f, 0x80c1f5, 0xd28ee6, 0x70c8d3, 0xffffff}},
    // Their bright black is the ground itself in the original: what is printed in it could not be read.
    {"solarized_dark",
     "Solarized Dark",
     0x002b36,
     0x839496,
     {0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5, 0x586e75, 0xcb4b16,
      0x93a84b, 0xc9a227, 0x4fa6dd, 0x6c71c4, 0x5bb8af, 0xfdf6e3}},
    {"solarized_light",
     "Solarized Light",
     0xfdf6e3,
     0x586e75,
     {0x073642, 0xdc322f, 0x728300, 0xa17a00, 0x1f79b8, 0xd33682, 0x22847c, 0x93a1a1, 0x586e75, 0xcb4b16,
      0x657b83, 0x8a6a00, 0x1a689f, 0x6c71c4, 0x1c6f68, 0x002b36}},
    {"tango",
     "Tango",
     0x1e1e1e,
     0xd3d7cf,
     {0x2e3436, 0xef2929, 0x6cbf26, 0xedd400, 0x5c93d6, 0xad7fa8, 0x2bbfc1, 0xd3d7cf, 0x7c7f7a, 0xff5757,
      0x8ae234, 0xfce94f, 0x8fb9e8, 0xc9a0c5, 0x6be5e7, 0xeeeeec}},
}};

TerminalScheme scheme_of(const Table& table) {
  TerminalScheme scheme{QString::fromLatin1(table.id),
                        setting_words(table.name),
                        QColor::fromRgb(table.background),
                        QColor::fromRgb(table.foreground),
                        {}};
  std::ranges::transform(table.colours, scheme.colours.begin(),
                         [](QRgb rgb) { return QColor::fromRgb(rgb); });
  return scheme;
}

/// Of a ground that can't be darker or lighter: the theme is one of high contrast.
bool is_extreme(const QColor& base) { return base.lightness() == 0 || base.lightness() == 255; }

TerminalScheme scheme_of_theme() {
  const auto* theme = Theme::instance();
  const auto& colors = theme->colors();
  const bool contrast = is_extreme(colors.base) && is_extreme(colors.text);
  auto scheme = scheme_of(contrast          ? theme->isDark() ? contrast_dark : contrast_light
                          : theme->isDark() ? dark_of_theme
                                            : light_of_theme);
  scheme.id = QStringLiteral("theme");
  scheme.background = colors.base;
  scheme.foreground = colors.text;
  return scheme;
}

void append_colour(QByteArray& out, const QByteArray& name, const QColor& colour, bool bold = false) {
  out += '[' + name + "]\nBold=" + (bold ? "true" : "false") + "\nColor=" + QByteArray::number(colour.red()) +
         ',' + QByteArray::number(colour.green()) + ',' + QByteArray::number(colour.blue()) +
         "\nTransparency=false\n\n";
}

}  // namespace

const QList<TerminalScheme>& TerminalSchemes::all() {
  static const auto schemes = [] {
    QList<TerminalScheme> list;
    for (const auto& table : tables) list.append(scheme_of(table));
    return list;
  }();
  return schemes;
}

QString TerminalSchemes::chosen() {
  const auto id = QSettings().value(QLatin1String(scheme_key)).toString();
  return std::ranges::contains(all(), id, &TerminalScheme::id) ? id : QStringLiteral("theme");
}

void TerminalSchemes::choose(const QString& id) { EditorChoices::instance()->choose(scheme_key, id); }

TerminalScheme TerminalSchemes::current() {
  const auto id = chosen();
  for (const auto& scheme : all())
    if (scheme.id == id) return scheme;
  return scheme_of_theme();
}

QByteArray TerminalSchemes::written(const TerminalScheme& scheme) {
  QByteArray out = "[General]\nDescription=" + scheme.id.toLatin1() + "\nOpacity=1\n\n";
  append_colour(out, "Background", scheme.background);
  append_colour(out, "BackgroundIntense", scheme.background);
  append_colour(out, "Foreground", scheme.foreground);
  append_colour(out, "ForegroundIntense", scheme.foreground, true);
  for (int i = 0; i < 16; ++i)
    append_colour(out, "Color" + QByteArray::number(i % 8) + (i < 8 ? "" : "Intense"),
                  scheme.colours[static_cast<std::size_t>(i)]);
  return out;
}

QString TerminalSchemes::fileOf(const TerminalScheme& scheme) {
  static const QTemporaryDir folder;  // goes with the program
  const auto text = written(scheme);
  const auto hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().left(12);
  const auto path =
      folder.filePath(QStringLiteral("berth-%1-%2.colorscheme").arg(scheme.id, QString::fromLatin1(hash)));
  if (QFile::exists(path)) return path;
  QFile file(path);
  if (file.open(QIODevice::WriteOnly)) file.write(text);
  return path;
}

std::vector<SettingChoice> terminal_scheme_choices() {
  std::vector<SettingChoice> choices{{"theme", QT_TRANSLATE_NOOP("Settings", "As the theme has them")}};
  for (const auto& table : tables) choices.push_back({table.id, table.name});
  return choices;
}

}  // namespace berth::desktop
