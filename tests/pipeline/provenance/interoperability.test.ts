/** Exports as others' software sees them: the reference implementations of each format, from PyPI. */

import assert from "node:assert/strict";
import { askPython, pythonWith } from "../../python.ts";
import { chain, makeProject, pipeline, type Project } from "../synthetic.ts";

const python = await pythonWith([
  "securesystemslib[crypto]==1.6.0",
  "in-toto-attestation==0.9.3",
  "openlineage-python==1.54.0",
  "roc-validator==0.13.0",
  "rocrate==0.14.2", // for the JSON-LD context of RO-Crate 1.1, which the validator would download
]);

const ask = (script: string, args: readonly string[], lines: readonly string[] = []) =>
  askPython(python!, new URL(script, import.meta.url), args, lines.map((line) => `${line}\n`).join(""));

async function exported(project: Project, format: string): Promise<readonly string[]> {
  const { code, output, errors } = await pipeline(project, "export", "--format", format);
  assert.equal(code, 0, errors);
  return output.trimEnd().split("\n");
}

const edited = (json: string, edit: (value: Record<string, unknown>) => void): string => {
  const value = JSON.parse(json);
  edit(value);
  return JSON.stringify(value);
};

Deno.test(
  { name: "securesystemslib verifies every envelope, and refuses changed ones", ignore: !python },
  async () => {
    using project = makeProject(chain);
    const { publicFile } = JSON.parse((await pipeline(project, "key", "--json")).output);
    await pipeline(project);
    const envelopes = await exported(project, "slsa");
    assert.equal(envelopes.length, 5);
    assert.deepEqual(await ask("envelopes.py", [publicFile], envelopes), envelopes.map(() => "verified"));

    const [envelope = "", other = ""] = envelopes;
    const changed = [
      edited(
        envelope,
        (value) => value.payload = btoa(atob(String(value.payload)).replace("all.txt", "hall.txt")),
      ),
      edited(envelope, (value) => value.payload = JSON.parse(other).payload),
      edited(envelope, (value) => value.payloadType = "application/json"),
    ];
    const outcomes = await ask("envelopes.py", [publicFile], changed);
    assert.deepEqual(outcomes, changed.map(() => "VerificationError"));
  },
);

Deno.test(
  { name: "in-toto-attestation accepts every statement and its predicate", ignore: !python },
  async () => {
    using project = makeProject(chain);
    await pipeline(project);
    const statements = await exported(project, "slsa");
    assert.equal(statements.length, 5);
    assert.deepEqual(await ask("statements.py", [], statements), statements.map(() => "valid"));

    const [statement = ""] = statements;
    const outcomes = await ask("statements.py", [], [
      edited(statement, (value) => value.subject = [{ name: "all/all.txt" }]),
      edited(statement, (value) => Object.assign(value.predicate as object, { madeUp: true })),
    ]) as readonly string[];
    assert.match(outcomes[0] ?? "", /digest required/);
    assert.match(outcomes[1] ?? "", /madeUp/);
  },
);

Deno.test({ name: "OpenLineage's client writes the same events", ignore: !python }, async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const events = await exported(project, "openlineage");
  assert.equal(events.length, 10);
  assert.deepEqual(await ask("lineage.py", [], events), events.map((line) => JSON.parse(line)));
});

Deno.test(
  { name: "roc-validator finds the crate valid, and a damaged one not", ignore: !python },
  async () => {
    interface Validation {
      readonly valid: boolean;
      readonly checks: number;
      readonly issues: readonly string[];
    }
    using project = makeProject(chain);
    await pipeline(project);
    const { code, errors } = await pipeline(project, "export", "--format", "ro-crate", "--out", "crate");
    assert.equal(code, 0, errors);
    const validate = () =>
      ask("crate.py", [project.path("crate"), project.path("http")]) as Promise<Validation>;
    const { valid, checks, issues } = await validate();
    assert.deepEqual({ valid, issues }, { valid: true, issues: [] });
    assert.ok(checks >= 42, `${checks} checks`); // 38 of RO-Crate 1.1 and 4 of the profile

    const metadata = JSON.parse(project.read("crate/ro-crate-metadata.json"));
    for (const entity of metadata["@graph"]) if (entity["@type"] === "CreateAction") delete entity.instrument;
    project.write({ "crate/ro-crate-metadata.json": JSON.stringify(metadata) });
    const damaged = await validate();
    assert.equal(damaged.valid, false);
    assert.match(damaged.issues.join("\n"), /instrument/);
  },
);
