// SPDX-License-Identifier: GPL-3.0-or-later
// Which languages a text is known to be in, and that it is coloured.
#include <set>

#include "client/desktop/editor_highlighter.hpp"
#include "editor_fixture.hpp"

namespace berth::desktop {
namespace {

struct Sample {
  const char* name;
  const char* language;  // one of those that know such files: "Bash|Zsh"
  const char* text;
};

const Sample samples[] = {
    {"a.c", "C", "int main(void) { return 0; } /* x */"},
    {"a.cpp", "C++|ISO C++", "class A { int b = 1; };  // x"},
    {"a.hpp", "C++|ISO C++", "namespace n { constexpr int b = 1; }"},
    {"a.h", "C++|C|ISO C++", "#define A 1\nint b;"},
    {"a.cs", "C#", "public class A { string s = \"x\"; }"},
    {"A.java", "Java", "public class A { String s = \"x\"; }"},
    {"a.kt", "Kotlin", "fun main() { val s = \"x\" }"},
    {"a.scala", "Scala", "object A { val s = \"x\" }"},
    {"a.groovy", "Groovy", "def s = 'x' // y"},
    {"a.swift", "Swift", "func f() { let s = \"x\" }"},
    {"a.m", "Objective-C|Octave|Magma", "@interface A : NSObject\n@end"},
    {"a.py", "Python", "def f():\n    return 'x'"},
    {"a.pyi", "Python", "def f() -> int: ..."},
    {"a.rb", "Ruby", "def f\n  'x'\nend"},
    {"a.pl", "Perl|Prolog", "my $x = 'y'; # z"},
    {"a.php", "PHP (HTML)|PHP/PHP", "<?php $x = 'y'; ?>"},
    {"a.lua", "Lua", "local x = 'y' -- z"},
    {"a.js", "JavaScript|JavaScript React (JSX)", "const x = 'y'; // z"},
    {"a.mjs", "JavaScript", "export const x = 'y';"},
    {"a.jsx", "JavaScript React (JSX)", "const x = <b>y</b>;"},
    {"a.ts", "TypeScript", "const x: string = 'y';"},
    {"a.tsx", "TypeScript React (TSX)", "const x = <b>y</b>;"},
    {"a.html", "HTML", "<p class=\"x\">y</p>"},
    {"a.css", "CSS", "p { color: red; }"},
    {"a.scss", "SCSS", "$x: 1px; p { a { margin: $x; } }"},
    {"a.less", "LESSCSS", "@x: 1px; p { margin: @x; }"},
    {"a.vue", "HTML|Vue", "<template><p>x</p></template>"},
    {"a.svelte", "HTML|Svelte", "<script>let x = 1;</script>"},
    {"a.json", "JSON", "{ \"a\": 1 }"},
    {"a.yaml", "YAML", "a: 1 # x"},
    {"a.yml", "YAML", "a:\n  - 'b'"},
    {"a.toml", "TOML", "[a]\nb = 'c'"},
    {"a.ini", "INI Files", "[a]\nb=c"},
    {"a.xml", "XML", "<a b=\"c\">d</a>"},
    {"a.svg", "XML", "<svg width=\"1\"/>"},
    {"a.md", "Markdown", "# A\n\n*b* `c`"},
    {"a.rst", "reStructuredText", "A\n=\n\n**b** ``c``"},
    {"a.tex", "LaTeX", "\\section{A} % b"},
    {"a.bib", "BibTeX", "@book{a, title = {b}}"},
    {"a.rs", "Rust", "fn main() { let x = \"y\"; }"},
    {"a.go", "Go", "package main\nfunc main() { x := \"y\" }"},
    {"go.mod", "Go Modules|Go|Go Module", "module a\n\ngo 1.24"},
    {"a.zig", "Zig", "const x: u8 = 1; // y"},
    {"a.d", "D", "void main() { string s = \"x\"; }"},
    {"a.nim", "Nim", "proc f() = echo \"x\""},
    {"a.dart", "Dart", "void main() { var s = 'x'; }"},
    {"a.hs", "Haskell", "main = putStrLn \"x\" -- y"},
    {"a.ml", "Objective Caml", "let x = \"y\" (* z *)"},
    {"a.fs", "FSharp|F#", "let x = \"y\" // z"},
    {"a.ex", "Elixir", "defmodule A do\n  @b \"c\"\nend"},
    {"a.erl", "Erlang", "-module(a).\nf() -> \"x\"."},
    {"a.clj", "Clojure", "(defn f [] \"x\")"},
    {"a.lisp", "Common Lisp", "(defun f () \"x\")"},
    {"a.scm", "Scheme", "(define (f) \"x\")"},
    {"a.jl", "Julia", "function f()\n  \"x\"\nend"},
    {"a.r", "R Script|R", "f <- function(x) \"y\" # z"},
    {"a.sql", "SQL|SQL (MySQL)|SQL (PostgreSQL)", "SELECT 'a' FROM b WHERE c = 1"},
    {"a.sh", "Bash", "if true; then echo \"x\"; fi # y"},
    {"a.zsh", "Zsh", "if true; then echo \"x\"; fi"},
    {"a.fish", "Fish", "function f; echo 'x'; end"},
    {"a.ps1", "PowerShell", "function F { 'x' } # y"},
    {"a.bat", "MS-DOS Batch", "@echo off\nrem x"},
    {"a.cmake", "CMake", "set(A \"b\") # c"},
    {"CMakeLists.txt", "CMake", "project(a)"},
    {"Makefile", "Makefile", "a: b\n\tcc -o $@ # c"},
    {"Dockerfile", "Dockerfile", "FROM a\nRUN \"b\""},
    {"a.tf", "Terraform", "resource \"a\" \"b\" { c = 1 }"},
    {"a.proto", "Protobuf", "message A { string b = 1; }"},
    {"a.graphql", "GraphQL", "type A { b: String! }"},
    {"a.asm", "Intel x86 (NASM)|GNU Assembler", "mov eax, 1 ; x"},
    {"a.f90", "Fortran (Free Format)", "program a\n  print *, 'b'\nend program"},
    {"a.pas", "Pascal", "begin writeln('x'); end."},
    {"a.adb", "Ada", "procedure A is begin null; end A; -- x"},
    {"a.vhd", "VHDL", "entity a is end a; -- b"},
    {"a.v", "Verilog|V|Coq", "module a; wire b; endmodule // c"},
    {"a.sv", "SystemVerilog", "module a; logic b; endmodule"},
    {"a.glsl", "GLSL", "void main() { float x = 1.0; }"},
    {"a.cu", "CUDA|CUDA C++|C++|ISO C++", "__global__ void f() { int x = 1; }"},
    {"a.diff", "Diff", "--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d"},
    {"a.nix", "Nix", "{ a = \"b\"; } # c"},
    {"a.desktop", ".desktop", "[Desktop Entry]\nName=a"},
    {"a.po", "GNU Gettext", "msgid \"a\"\nmsgstr \"b\""},
    {".gitignore", "Git Ignore", "# a\n*.o"},
    {"a.qml", "QML", "Item { property int x: 1 }"},
    {"a.gd", "GDScript|Godot|GDScript 2", "func f():\n\treturn \"x\""},
};

using EditorLanguages = EditorFixture;

TEST_F(EditorLanguages, AllThatPeopleUseAreKnownAndColoured) {
  for (const auto& sample : samples) {
    load(sample.name, sample.text);
    const auto names = QString::fromLatin1(sample.language).split(u'|');
    EXPECT_TRUE(names.contains(editor.language()))
        << sample.name << " is " << editor.language().toStdString();
    sci(Sci::SCI_COLOURISE, 0, -1);
    std::set<long> styles;
    for (long at = 0; at < sci(Sci::SCI_GETLENGTH); ++at)
      styles.insert(sci(Sci::SCI_GETSTYLEAT, static_cast<unsigned long>(at)));
    EXPECT_GE(styles.size(), 2u) << sample.name;
  }
  EXPECT_GE(std::size(samples), 80u);
  EXPECT_GE(EditorHighlighter::languages().size(), 300);
}

TEST_F(EditorLanguages, TheFirstLineTellsWhereTheNameDoesNot) {
  for (const auto& [text, language] :
       {std::pair("#!/usr/bin/env python3\n", "Python"), std::pair("#!/bin/sh\n", "Bash"),
        std::pair("#!/usr/bin/env node\n", "JavaScript"), std::pair("<?xml version=\"1.0\"?>\n", "XML"),
        std::pair("<!DOCTYPE html>\n", "HTML"), std::pair("// -*- C++ -*-\n", "C++"),
        std::pair("# vim: set ft=ruby :\n", "Ruby"), std::pair("diff --git a/b b/b\n", "Diff"),
        std::pair("#!/usr/bin/fish\n", "Fish"), std::pair("nothing of that\n", "")}) {
    load("start", text);
    EXPECT_EQ(editor.language().toStdString(), language) << text;
  }
  load("a.py", "x = 1\n");
  editor.setLanguage(QStringLiteral("Ruby"));
  EXPECT_EQ(editor.language(), QStringLiteral("Ruby")) << "chosen by the person";
  editor.setLanguage({});
  EXPECT_EQ(editor.language(), QStringLiteral("Python"));
}

}  // namespace
}  // namespace berth::desktop
