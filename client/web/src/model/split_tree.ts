// SPDX-License-Identifier: GPL-3.0-or-later
// How editor groups share their room: a group, or parts beside or below each other. Pure functions on plain data; a part that
// would hold a single one is that one.

export type Direction = 'row' | 'column';
export type Side = 'left' | 'right' | 'up' | 'down';
/** A number is a group's. */
export type SplitNode = number | { direction: Direction; parts: SplitNode[] };

export function groups_of(node: SplitNode): number[] {
  return typeof node === 'number' ? [node] : node.parts.flatMap(groups_of);
}

/** `added` gets half of the room of `at`, on that side of it. */
export function split(node: SplitNode, at: number, side: Side, added: number): SplitNode {
  const direction: Direction = side === 'left' || side === 'right' ? 'row' : 'column';
  const before = side === 'left' || side === 'up';
  if (typeof node === 'number') {
    if (node !== at) return node;
    return { direction, parts: before ? [added, node] : [node, added] };
  }
  const place = node.parts.indexOf(at);
  if (place >= 0 && node.direction === direction)
    return { direction, parts: node.parts.toSpliced(before ? place : place + 1, 0, added) };
  return { direction: node.direction, parts: node.parts.map((part) => split(part, at, side, added)) };
}

/** Undefined when nothing is left. */
export function without(node: SplitNode, gone: number): SplitNode | undefined {
  if (typeof node === 'number') return node === gone ? undefined : node;
  return joined(
    node.direction,
    node.parts.flatMap((part) => without(part, gone) ?? []),
  );
}

function joined(direction: Direction, parts: SplitNode[]): SplitNode | undefined {
  if (parts.length <= 1) return parts[0];
  // What lies the same way as its surroundings is part of them.
  const flat = parts.flatMap((part) =>
    typeof part !== 'number' && part.direction === direction ? part.parts : [part],
  );
  return { direction, parts: flat };
}

/** What was remembered, of any shape; groups that are not in `known`, or named twice, are left out. */
export function parse_split(stored: unknown, known: ReadonlySet<number>): SplitNode | undefined {
  const seen = new Set<number>();
  const read = (value: unknown, depth: number): SplitNode | undefined => {
    if (typeof value === 'number') {
      if (!known.has(value) || seen.has(value)) return undefined;
      seen.add(value);
      return value;
    }
    const { direction, parts } = (value ?? {}) as { direction?: unknown; parts?: unknown };
    if (!Array.isArray(parts) || depth > 16) return undefined;
    return joined(
      direction === 'column' ? 'column' : 'row',
      parts.flatMap((part) => read(part, depth + 1) ?? []),
    );
  };
  return read(stored, 0);
}
