import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { recordOf } from "../../pipeline/forged.ts";
import { chain, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("audit goes from a file back to raw data", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { code, output } = await pipeline(project, "audit", "artifacts/second/long/text.txt", "--full");
  assert.equal(code, 0);
  assert.match(
    output,
    /^✓ artifacts\/second\/long\/text\.txt is what its stage made \(sha256 [0-9a-f]{12}\)/,
  );
  assert.match(output, /second@long\n(.*\n)* {2}inputs +text ← first@long:text\.txt/);
  assert.match(output, /first@long\n(.*\n)* {2}code +stages\/copy\.ts, 3 modules, 1 package/);
  assert.match(output, / {2}parameters +\{"ending":"","label":"long","words":3\}/);
  assert.match(output, /raw data\n {2}\.\/data\.txt {2}[0-9a-f]{12}\n$/);
});

Deno.test("audit is a tree, in which each action and each file of the user's has one line", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { output } = await pipeline(project, "audit");
  const time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d in \\S+ s";
  const lines = [
    `all {14}${time} {2}key [0-9a-f]{12}`,
    `├ second@long {4}${time} {2}key [0-9a-f]{12}`,
    `│ └ first@long {3}${time} {2}key [0-9a-f]{12}`,
    "│   └ \\./data\\.txt {2}37bbce1230bb",
    `└ second@short {3}${time} {2}key [0-9a-f]{12}`,
    `  └ first@short {2}${time} {2}key [0-9a-f]{12} {2}also from \\./data\\.txt`,
    "",
    "environment",
    "  deno: 2\\.\\S+",
    "  threads: 1",
  ];
  assert.match(output, new RegExp(`^${lines.join("\\n")}\\n`));
});

Deno.test("audit --json holds the whole digests", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { actions, raw } = JSON.parse((await pipeline(project, "audit", "all", "--json")).output);
  assert.equal(actions.length, 5);
  // sha256sum of "one two three four five\n"
  assert.deepEqual(raw, { "./data.txt": "37bbce1230bbac4c5f5222dbeba2cd0c83b075331ff9b47ca8069724fa76ed92" });
});

Deno.test("what a record says can neither act on a terminal nor pass for a line of its own", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  const record = recordOf(project, "first@long");
  const { module, inputs, ...others } = JSON.parse(project.read(record));
  const hostile = "\x1b]0;owned\x07\x9b2J\nby   \u2713 signed";
  inputs.text[""].from += hostile;
  project.write({ [record]: JSON.stringify({ ...others, module: module + hostile, inputs }) });
  for (const full of [[], ["--full"]]) {
    const { code, output } = await pipeline(project, "audit", ...full);
    assert.equal(code, 0);
    assert.ok(output.includes("\\u001b]0;owned\\u0007\\u009b2J\\u000aby"), output);
    assert.doesNotMatch(output, /[^\n\P{Cc}]|^by/mu);
  }
});

Deno.test("audit tells a file that isn't what its stage made", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.removeSync(project.path("artifacts/all/all.txt"));
  project.write({ "artifacts/all/all.txt": "forged" });
  const { code, output } = await pipeline(project, "audit", "artifacts/all/all.txt");
  assert.equal(code, 1);
  assert.match(output, /^✗ artifacts\/all\/all\.txt was changed/);
  const unknown = await pipeline(project, "audit", "al");
  assert.equal(unknown.code, 2);
  assert.match(unknown.errors, /^error: found no result of "al".*\n {2}Did you mean "all"\?\n$/);
});

Deno.test("audit tells who made a result: nobody known, a trusted key, a strange one", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  await pipeline(project, "key");
  await pipeline(project);
  const audit = (await pipeline(project, "audit", "second@long", "--full")).output;
  assert.match(audit, /second@long\n {2}made .*\n {2}by +✓ signed by key [0-9a-f]{12}\n/);
  assert.match(audit, /first@long\n {2}made .*\n {2}by +unsigned\n/, "what was made before stays unsigned");
  Deno.removeSync(project.path("config"), { recursive: true });
  const strange = await pipeline(project, "audit", "all", "--full");
  assert.match(strange.output, / {2}by +\? claims to be signed by key [0-9a-f]{12}, which you don't trust\n/);
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
  const { code, output } = await pipeline(project, "audit", "first@long", "--full");
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
  assert.match(
    (await pipeline(project, "audit", "first@long", "--full")).output,
    /✗ its record isn't the one/,
  );
  const envelope: { readonly payload: string } = JSON.parse(original);
  const payload = Buffer.from(envelope.payload, "base64").toString().replace("first@long", "first@lang");
  project.write({
    [long]: JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }),
  });
  assert.match(
    (await pipeline(project, "audit", "first@long", "--full")).output,
    /✗ it wasn't signed with the key/,
  );
  project.write({ [long]: "{" });
  assert.match(
    (await pipeline(project, "audit", "first@long", "--full")).output,
    /✗ its signature can't be read/,
  );
});
