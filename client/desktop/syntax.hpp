// SPDX-License-Identifier: GPL-3.0-or-later
// The languages that texts are coloured by, one collection of them for the process, and texts coloured
// outside of an editor: on paper and in previews.
#pragma once

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>
#include <string>
#include <vector>

#include "client/desktop/styled_line.hpp"

namespace berth::desktop {

KSyntaxHighlighting::Repository& syntax_repository();
KSyntaxHighlighting::Theme syntax_theme(bool dark);
/// By a file's name.
KSyntaxHighlighting::Definition definition_of_file(const QString& name);
/// What the first line, or an editor's mark in it, says of the language; an invalid one where it says
/// nothing.
KSyntaxHighlighting::Definition definition_of_opening(const std::string& opening);
/// By a name as people write it: "cpp", "C++", "js".
KSyntaxHighlighting::Definition definition_of_name(const QString& name);

/// Each line of the text in runs of one look; `plain` where the language has no colour. Lines over 4,000
/// characters are plain.
std::vector<std::vector<StyledRun>> coloured_lines(const QString& text,
                                                   const KSyntaxHighlighting::Definition& definition,
                                                   bool dark, const QColor& plain);

}  // namespace berth::desktop
