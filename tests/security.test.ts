import assert from "node:assert/strict";

const text = Deno.readTextFileSync(new URL("../SECURITY.md", import.meta.url));

Deno.test("each threat in SECURITY.md has its test", () => {
  const [, table = ""] = text.split("## Threats");
  const rows = table.split("\n").filter((line) => /^\| (?!-|what somebody)/.test(line));
  assert.ok(rows.length >= 10);
  for (const row of rows) {
    const [, file = "", name = ""] = row.match(/`(tests\/\S+\.ts)`: (.*?) +\|$/) ?? [];
    const source = Deno.readTextFileSync(new URL(`../${file}`, import.meta.url));
    const isThere = [`Deno.test("${name}"`, `Deno.test(\`${name}\``].some((text) => source.includes(text));
    assert.ok(isThere, `${file} has the test "${name}"`);
  }
});
