/** Keys, signatures and exports, as a user and as a stranger with other tools see them. */
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { Buffer } from "node:buffer";
import { filesIn } from "../../../src/pipeline/store/tree.ts";
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

/** A pipeline that reads a folder of the user. */
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
  const { uri, digest } = copy.predicate.buildDefinition.resolvedDependencies.find(({ name }) =>
    name.startsWith("package/zod@")
  )!;
  assert.match(uri!, /^pkg:npm\/zod@4\.\d+\.\d+$/);
  assert.match(digest.sha512, /^[0-9a-f]{128}$/);
  assert.deepEqual(copy.predicate.buildDefinition.externalParameters, {
    stage: "stages/copy.ts",
    instance: "copy",
    parameters: { ending: "", label: "", words: 2 },
  });
  const [record] = copy.predicate.runDetails.byproducts;
  assert.equal(record.digest.sha256, sha256(project.read(`artifacts/.store/${record.name}`)));
  const { startedOn, finishedOn } = copy.predicate.runDetails.metadata;
  assert.ok(startedOn <= finishedOn);
});

Deno.test("a key is made outside the project's artifacts, for its user alone, and never twice", async () => {
  using project = makeProject(chain);
  const { code, output } = await pipeline(project, "key", "--json");
  assert.equal(code, 0);
  const { keyId, publicFile } = JSON.parse(output);
  const key = createPublicKey(Deno.readTextFileSync(publicFile));
  assert.equal(key.asymmetricKeyType, "ed25519");
  assert.equal(keyId, sha256(key.export({ type: "spki", format: "der" })));
  const file = project.path("config/calibrant/ed25519.pem");
  assert.equal(Deno.statSync(file).mode! & 0o777, 0o600);
  const before = Deno.readTextFileSync(file);
  const again = await pipeline(project, "key");
  assert.equal(again.code, 2);
  assert.match(
    again.errors,
    /ed25519\.pem: found a private key already, expected none yet\n {2}Move it away/,
  );
  assert.equal(Deno.readTextFileSync(file), before);
});

Deno.test("where a key exists, results are signed in DSSE envelopes that other implementations accept", async () => {
  using project = makeProject(chain);
  const { keyId, publicFile } = JSON.parse((await pipeline(project, "key", "--json")).output);
  await pipeline(project);
  const [{ payloadType, payload, signatures: [signature] }] = await lines<Envelope>(
    project,
    "first@long",
    "--format",
    "slsa",
  );
  assert.equal(payloadType, "application/vnd.in-toto+json");
  assert.equal(signature.keyid, keyId);
  const body = Buffer.from(payload, "base64");
  // The pre-authentication encoding, as https://github.com/secure-systems-lab/dsse writes it.
  const signed = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${body.length} `), body]);
  const key = createPublicKey(Deno.readTextFileSync(publicFile));
  assert.ok(verify(null, signed, key, Buffer.from(signature.sig, "base64")));
  const statement: Statement = JSON.parse(body.toString());
  assert.equal(statement.subject[0].digest.sha256, sha256(project.read("artifacts/first/long/text.txt")));
});

Deno.test("audit tells who made a result: nobody known, a trusted key, a strange one", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  await pipeline(project, "key");
  await pipeline(project);
  const audit = (await pipeline(project, "audit", "second@long")).output;
  assert.match(audit, /second@long\n {2}made .*\n {2}by +✓ signed by key [0-9a-f]{12}\n/);
  assert.match(audit, /first@long\n {2}made .*\n {2}by +unsigned\n/, "what was made before stays unsigned");
  Deno.removeSync(project.path("config"), { recursive: true });
  const strange = await pipeline(project, "audit", "all");
  assert.match(strange.output, / {2}by +\? signed by key [0-9a-f]{12}, it says: not one that you trust\n/);
  assert.equal(strange.code, 0);
});

Deno.test("a record that was changed after it was signed is told, and isn't exported", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  await pipeline(project);
  const [action] = JSON.parse((await pipeline(project, "audit", "first@long", "--json")).output).actions;
  const path = `artifacts/.store/actions/${action.record.key}.json`;
  // An honest-looking record: only the time differs, which no key covers.
  const forged = JSON.stringify({ ...action.record, ended: "2001-01-01T00:00:00.000Z" });
  project.write({ [path]: forged });
  const { code, output } = await pipeline(project, "audit", "first@long");
  assert.equal(code, 1);
  assert.match(output, / {2}by +✗ its record isn't the one that was signed\n/);
  const refused = await pipeline(project, "export", "first@long", "--format", "slsa");
  assert.equal(refused.code, 2);
  assert.match(refused.errors, /found a signature of first@long that doesn't hold/);
});

Deno.test("a signature moved to another result doesn't hold, nor one whose payload was changed", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  await pipeline(project);
  const signatureOf = async (instance: string) => {
    const [{ record }] = JSON.parse((await pipeline(project, "audit", instance, "--json")).output).actions;
    return `artifacts/.store/signatures/${record.key}.json`;
  };
  const [long, short] = [await signatureOf("first@long"), await signatureOf("first@short")];
  const original = project.read(long);
  project.write({ [long]: project.read(short) });
  assert.match((await pipeline(project, "audit", "first@long")).output, /✗ its record isn't the one/);
  const envelope: Envelope = JSON.parse(original);
  const payload = Buffer.from(envelope.payload, "base64").toString().replace("first@long", "first@lang");
  project.write({
    [long]: JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }),
  });
  assert.match((await pipeline(project, "audit", "first@long")).output, /✗ it wasn't signed with the key/);
  project.write({ [long]: "{" });
  assert.match((await pipeline(project, "audit", "first@long")).output, /✗ its signature can't be read/);
});

Deno.test("a private key that others may read is refused before anything runs", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  Deno.chmodSync(project.path("config/calibrant/ed25519.pem"), 0o644);
  const { code, errors, ran } = await pipeline(project);
  assert.deepEqual({ code, ran }, { code: 2, ran: [] });
  assert.match(errors, /found a private key that others may read.*\n {2}Run: chmod 600 /);
});

Deno.test("keys and signatures don't change what is cached", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "key");
  assert.deepEqual((await pipeline(project)).ran, []);
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
  const [, second, , first] = events;
  assert.deepEqual(second.inputs, first.outputs);
  assert.deepEqual(first.inputs.map(({ name }) => name), ["./data.txt"]);
  assert.match(first.run.runId, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(events[0].run.runId, second.run.runId);
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
  assert.match(again.errors, /found something there, expected a new folder/);
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

Deno.test("key and export have help with examples", async () => {
  using project = makeProject({});
  for (const command of ["key", "export"]) {
    const { code, output } = await pipeline(project, command, "--help");
    assert.equal(code, 0);
    assert.match(output, /Examples:\n {2}deno task pipeline/);
  }
});
