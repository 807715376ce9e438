// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing: the target that owns the tests' precompiled header needs a source.
