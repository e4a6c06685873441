import assert from "node:assert/strict";

/** Checks that every element of an SVG is closed in turn, and that no bare `&` or `<` is left in between. */
export function assertWellFormed(source: string): void {
  const open: string[] = [];
  const rest = source.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*) ?(\/?)>/g,
    (_, closing, name, __, empty) => {
      if (closing) assert.equal(open.pop(), name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|quot|#39);)/);
}
