/**
 * Exports as a stranger with other tools sees them: digests and signatures are checked without the project's
 * code.
 */
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { Buffer } from "node:buffer";
import { filesIn } from "../../../src/pipeline/store/tree.ts";
import { mayMount, onDisk } from "../../pipeline/disk.ts";
import { chain, makeProject, pipeline, type Project } from "../../pipeline/synthetic.ts";

interface Resource {
  readonly name: string;
  readonly uri?: string;
  readonly digest: Readonly<Record<string, string>>;
}

interface Statement {
  readonly _type: string;
  readonly predicateType: string;
  readonly subject: readonly Resource[];
  readonly predicate: {
    readonly buildDefinition: {
      readonly externalParameters: unknown;
      readonly resolvedDependencies: readonly Resource[];
    };
    readonly runDetails: {
      readonly metadata: { readonly startedOn: string; readonly finishedOn: string };
      readonly byproducts: readonly Resource[];
    };
  };
}

interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

async function lines<Line>(project: Project, ...args: readonly string[]): Promise<readonly Line[]> {
  const { code, output, errors } = await pipeline(project, "export", ...args);
  assert.equal(code, 0, errors);
  return output.trimEnd().split("\n").map((line) => JSON.parse(line));
}

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

/** A pipeline that reads a folder of the user's. */
const folderProject = {
  ...chain,
  "stages/count.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Counts files.",
  parameters: z.strictObject({}),
  inputs: { folder: { description: "files" } },
  outputs: { "count.txt": "how many" },
  async run({ input, output }) {
    await Deno.writeTextFile(join(output, "count.txt"), String([...Deno.readDirSync(input("folder"))].length));
  },
});
`,
  "texts/a.txt": "a\n",
  "texts/b.txt": "b\n",
  "pipeline.yaml": `
stages:
  count: { run: stages/count.ts, needs: { folder: ./texts } }
  copy: { run: stages/copy.ts, needs: { text: "count:count.txt" } }
`,
};

Deno.test("a statement names what was made and all that it was made from, by digests of real content", async () => {
  using project = makeProject(folderProject);
  await pipeline(project);
  const [copy, count] = await lines<Statement>(project, "copy", "--format", "slsa");
  assert.ok(copy && count);
  assert.equal(count._type, "https://in-toto.io/Statement/v1");
  assert.equal(count.predicateType, "https://slsa.dev/provenance/v1");
  const made = { sha256: sha256(project.read("artifacts/count/count.txt")) };
  assert.deepEqual(count.subject, [{ name: "count/count.txt", digest: made }]);

  const dependency = ({ predicate }: Statement, name: string) =>
    predicate.buildDefinition.resolvedDependencies.find((resource) => resource.name === name);
  assert.equal(dependency(count, "./texts/a.txt")?.digest.sha256, sha256("a\n"));
  assert.equal(dependency(count, "./texts/b.txt")?.digest.sha256, sha256("b\n"));
  assert.deepEqual(dependency(copy, "count/count.txt")?.digest, made, "the chain has no gap");
  const code = dependency(copy, "module/stages/head.ts");
  assert.equal(code?.digest.sha256, sha256(project.read("stages/head.ts")));
  const zod = copy.predicate.buildDefinition.resolvedDependencies.find(({ name }) =>
    name.startsWith("package/zod@")
  );
  assert.match(zod?.uri ?? "", /^pkg:npm\/zod@4\.\d+\.\d+$/);
  assert.match(zod?.digest.sha512 ?? "", /^[0-9a-f]{128}$/);
  assert.deepEqual(copy.predicate.buildDefinition.externalParameters, {
    stage: "stages/copy.ts",
    instance: "copy",
    parameters: { ending: "", label: "", words: 2 },
  });
  const [record] = copy.predicate.runDetails.byproducts;
  assert.ok(record);
  assert.equal(record.digest.sha256, sha256(project.read(`artifacts/.store/${record.name}`)));
  const { startedOn, finishedOn } = copy.predicate.runDetails.metadata;
  assert.ok(startedOn <= finishedOn);
});

Deno.test("where a key exists, results are signed in DSSE envelopes that other implementations accept", async () => {
  using project = makeProject(chain);
  const { keyId, publicFile } = JSON.parse((await pipeline(project, "key", "--json")).output);
  await pipeline(project);
  const [envelope] = await lines<Envelope>(project, "first@long", "--format", "slsa");
  assert.ok(envelope);
  const { payloadType, payload, signatures: [signature] } = envelope;
  assert.ok(signature);
  assert.equal(payloadType, "application/vnd.in-toto+json");
  assert.equal(signature.keyid, keyId);
  const body = Buffer.from(payload, "base64");
  // The pre-authentication encoding, as https://github.com/secure-systems-lab/dsse writes it.
  const signed = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${body.length} `), body]);
  const key = createPublicKey(Deno.readTextFileSync(publicFile));
  assert.ok(verify(null, signed, key, Buffer.from(signature.sig, "base64")));
  const statement: Statement = JSON.parse(body.toString());
  assert.equal(statement.subject[0]?.digest.sha256, sha256(project.read("artifacts/first/long/text.txt")));
});

Deno.test("OpenLineage events start and complete each run, and link outputs to inputs", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  interface Event {
    readonly eventType: string;
    readonly run: { readonly runId: string };
    readonly job: { readonly name: string };
    readonly inputs: readonly { readonly name: string }[];
    readonly outputs: readonly { readonly name: string }[];
  }
  const events = await lines<Event>(project, "second@long", "--format", "openlineage");
  assert.deepEqual(events.map(({ eventType, job }) => `${job.name} ${eventType}`), [
    "second@long START",
    "second@long COMPLETE",
    "first@long START",
    "first@long COMPLETE",
  ]);
  const [start, second, , first] = events;
  assert.ok(start && second && first);
  assert.deepEqual(second.inputs, first.outputs);
  assert.deepEqual(first.inputs.map(({ name }) => name), ["./data.txt"]);
  assert.match(first.run.runId, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(start.run.runId, second.run.runId);
});

Deno.test("a crate holds the results and an account of how each was made", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { code, errors } = await pipeline(project, "export", "--format", "ro-crate", "--out", "my crate");
  assert.equal(code, 0, errors);
  const files = filesIn(project.path("my crate"));
  assert.deepEqual(files, [
    "all/all.txt",
    "first/long/text.txt",
    "first/short/text.txt",
    "ro-crate-metadata.json",
    "second/long/text.txt",
    "second/short/text.txt",
  ]);
  interface Entity {
    readonly "@id": string;
    readonly "@type": string;
    readonly sha256?: string;
    readonly object?: readonly { readonly "@id": string }[];
    readonly result?: readonly { readonly "@id": string }[];
  }
  const graph: readonly Entity[] = JSON.parse(project.read("my crate/ro-crate-metadata.json"))["@graph"];
  const entities = new Map(graph.map((entity) => [entity["@id"], entity]));
  assert.equal(entities.size, graph.length, "each entity is described once");
  for (const path of files.filter((path) => path.endsWith(".txt"))) {
    const entity = entities.get(path);
    assert.equal(entity?.["@type"], "File");
    assert.equal(entity?.sha256, sha256(project.read(`my crate/${path}`)));
  }
  const actions = graph.filter((entity) => entity["@type"] === "CreateAction");
  assert.equal(actions.length, 5);
  const all = actions.find(({ result }) => result?.some(({ "@id": id }) => id === "all/all.txt"));
  const read = all?.object?.map(({ "@id": id }) => id) ?? [];
  assert.ok(read.includes("second/long/text.txt") && read.includes("second/short/text.txt"));
  for (const { object = [], result = [] } of actions) {
    for (const { "@id": id } of [...object, ...result]) assert.ok(entities.has(id), `${id} is described`);
  }
  const again = await pipeline(project, "export", "--format", "ro-crate", "--out", "my crate");
  assert.equal(again.code, 2);
  assert.match(again.errors, /found an existing file, or a folder that isn't empty, expected a new folder/);
});

Deno.test({
  name: "a crate for which the disk has no room isn't there at all (skipped where this user can't mount one)",
  ignore: !mayMount(),
  async fn() {
    using project = makeProject(chain);
    await pipeline(project, "run", "first@long");
    await onDisk(project.path("small"), "4k", async () => {
      const { code, errors } = await pipeline(
        project,
        "export",
        "--format",
        "ro-crate",
        "--out",
        "small/crate",
      );
      assert.equal(code, 2);
      assert.match(errors, /small\/crate: found a path that can't be written \(No space left on device/);
      assert.deepEqual([...Deno.readDirSync(project.path("small"))], []);
    });
  },
});

Deno.test("what can't be exported is told in one message", async () => {
  using project = makeProject(chain);
  const nothing = await pipeline(project, "export", "--format", "slsa");
  assert.equal(nothing.code, 2);
  assert.match(nothing.errors, /^error: found no results/);
  await pipeline(project, "run", "first@long");
  const noFolder = await pipeline(project, "export", "--format", "ro-crate");
  assert.equal(noFolder.code, 2);
  assert.match(noFolder.errors, /^error: found no --out/);
  assert.equal((await pipeline(project, "export", "--format", "xml")).code, 2);
});
