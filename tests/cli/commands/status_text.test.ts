import assert from "node:assert/strict";
import { reasonOf } from "../../../src/cli/commands/status_text.ts";
import { type ActionKey, digestOf } from "../../../src/pipeline/store/digest.ts";
import { instanceName } from "../../../src/pipeline/store/instance_name.ts";

Deno.test("a reason names up to two changes of a part, and counts more", () => {
  const changesOf = (part: "parameter" | "module" | "environment", ...names: readonly string[]) =>
    names.map((name) => ({ part, name, before: "old", after: "new" }));
  const changes = [
    ...changesOf("parameter", "rate", "steps"),
    ...changesOf("module", "a.ts", "b.ts", "c.ts"),
    ...changesOf("environment", "deno"),
  ];
  const last = { key: digestOf("") as string as ActionKey, ended: "2026-01-01T00:00:00.000Z" };
  assert.equal(
    reasonOf({ instance: instanceName("a", undefined), state: "stale", last, changes }),
    "parameters rate and steps, 3 modules, environment fact deno changed",
  );
});
