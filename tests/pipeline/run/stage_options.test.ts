/** What a pipeline file says of how a stage runs: `timeout`, `cache`, `network`, `env`. */

import assert from "node:assert/strict";
import { environment } from "../../runtime/setup/tools.ts";
import { projectWith } from "../one_stage.ts";
import { chain, copyStage, makeProject, pipeline, withoutPrices } from "../synthetic.ts";

const one = (option: string) =>
  `stages:\n  only: { run: stages/copy.ts, needs: { text: ./data.txt }, ${option} }\n`;

Deno.test("a stage that takes longer than its timeout is ended, and has failed", async () => {
  const body = "await new Promise((resolve) => setTimeout(resolve, 600_000));\n    await Deno.writeTextFile(";
  using project = makeProject({
    ...chain,
    "pipeline.yaml": one("timeout: 2s"),
    "stages/copy.ts": copyStage.replace("await Deno.writeTextFile(", body),
  });
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /^✗ only +failed: it was ended after 2s, its timeout$/m);
});

Deno.test("a timeout that isn't a time is told with its place", async () => {
  using project = makeProject({ ...chain, "pipeline.yaml": one("timeout: soon") });
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: pipeline\.yaml:2:\d+: found .*"soon", expected a time such as 90s, 30m or 2h/,
  );
});

Deno.test("a timeout of weeks, which is longer than a timer's count, doesn't end a stage at once", async () => {
  using project = makeProject({ ...chain, "pipeline.yaml": one("timeout: 8760h") });
  const { code, output } = await pipeline(project);
  assert.equal(code, 0, output);
  project.write({ "pipeline.yaml": one("timeout: 8761h") });
  const { code: wrong, errors } = await pipeline(project);
  assert.equal(wrong, 2);
  assert.match(
    errors,
    /^error: pipeline\.yaml:2:\d+: found .*"8761h", expected at most 8760h, which is a year/,
  );
});

Deno.test("a stage that fails is tried again as often as it may be", async () => {
  // The checkpoint folder outlives an attempt: what is in it says how many there were.
  const count = "const tries = join(checkpoint, String([...Deno.readDirSync(checkpoint)].length));\n" +
    "    await Deno.writeTextFile(tries, '');\n    if (!tries.endsWith('2')) throw new Error('not yet');\n    ";
  const stage = copyStage.replace("input, output }", "input, output, checkpoint }")
    .replace("await Deno.writeTextFile(", `${count}await Deno.writeTextFile(`);
  using project = makeProject({ ...chain, "pipeline.yaml": one("retries: 1"), "stages/copy.ts": stage });
  const first = await pipeline(project, "--force");
  assert.equal(first.code, 1);
  assert.match(first.output, /^↻ only +failed, trying again \(0 left after that\): not yet$/m);
  assert.match(first.output, /^✗ only +failed: not yet$/m);
  project.write({ "pipeline.yaml": one("retries: 2") });
  assert.equal((await pipeline(project, "--force")).code, 0);
});

Deno.test("the log of an instance that was tried again holds every attempt, and why the one before failed", async () => {
  using project = projectWith(`
    const tried = Deno.readTextFileSync(input("text")).trim() + [...Deno.readDirSync(checkpoint)].length;
    log("this is " + tried);
    Deno.writeTextFileSync(join(checkpoint, tried), "");
    if (tried !== "hello2") throw new InputError({ found: "a bad day", expected: "a good one" });
    give();`);
  const text = project.read("pipeline.yaml");
  project.write({ "pipeline.yaml": `${text}    retries: 2\n` });
  const lines = [
    "this is hello0",
    "attempt 2 of 3; the one before failed: found a bad day, expected a good one",
    "this is hello1",
    "attempt 3 of 3; the one before failed: found a bad day, expected a good one",
    "this is hello2",
  ];
  assert.equal((await pipeline(project)).code, 0);
  assert.equal((await pipeline(project, "log", "one")).output, `${lines.join("\n")}\n`);
  await pipeline(project, "--force");
  assert.equal(
    (await pipeline(project, "log", "one")).output,
    `${lines.join("\n")}\n`,
    "a run starts its log anew",
  );
});

Deno.test("a stage without cache runs each time, and what follows only if it makes something else", async () => {
  const text = chain["pipeline.yaml"].replace(/(first:\n)/, "$1    cache: false\n");
  using project = makeProject({ ...chain, "pipeline.yaml": text });
  await pipeline(project);
  assert.deepEqual((await pipeline(project)).ran, ["first@long", "first@short"]);
});

Deno.test("a stage reaches the network only where it says so, which is part of its key", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = server.addr as Deno.NetAddr;
  const connect = `(await Deno.connect({ hostname: "127.0.0.1", port: ${port} })).close();`;
  using project = makeProject({
    ...chain,
    "pipeline.yaml": one("network: false"),
    "stages/copy.ts": copyStage.replace(
      "await Deno.writeTextFile(",
      `${connect}\n    await Deno.writeTextFile(`,
    ),
  });
  const refused = await pipeline(project);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /the stage asked for net access to "?127\.0\.0\.1/);
  project.write({ "pipeline.yaml": one("network: true") });
  assert.equal((await pipeline(project)).code, 0);
  const [record] = [...Deno.readDirSync(project.path("artifacts/.store/actions"))].map(({ name }) => name);
  assert.equal(JSON.parse(project.read(`artifacts/.store/actions/${record}`)).preImage.network, true);
});

Deno.test("a stage that uses the network gets the variables that the file lists, which enter no key", async () => {
  using _variables = environment({ HF_TOKEN: "hf_first", HF_ENDPOINT: "https://mirror.example" });
  const read = 'Deno.env.get("HF_TOKEN") + Deno.env.get("HTTPS_PROXY")';
  using project = makeProject({
    ...chain,
    "pipeline.yaml": one("network: true, env: [HF_TOKEN, HTTPS_PROXY]"),
    "stages/copy.ts": copyStage.replace("head(text, parameters.words)", read),
  });
  assert.equal((await pipeline(project)).code, 0);
  assert.equal(project.read("artifacts/only/text.txt"), "hf_firstundefined");
  using _other = environment({ HF_TOKEN: "hf_second" });
  assert.match((await pipeline(project)).output, /all 1 stage up to date/);

  project.write({ "pipeline.yaml": one("network: true, env: [HTTPS_PROXY]") });
  const refused = await pipeline(project, "--force");
  assert.match(refused.output, /the stage asked for env access to "?HF_TOKEN/);
  project.write({ "pipeline.yaml": one("env: [HF_TOKEN]") });
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(errors, /^error: pipeline\.yaml:2:\d+: found .*, expected `network: true` beside it/);
});

Deno.test("plan, status and why say that a stage without cache runs each time, and count it as to run", async () => {
  const text = chain["pipeline.yaml"].replace(/(second:\n)/, "$1    cache: false\n");
  using project = makeProject({ ...chain, "pipeline.yaml": text });
  await pipeline(project);
  const each = "runs each time (cache: false)";
  assert.equal(
    withoutPrices((await pipeline(project, "plan")).output),
    `● second@short  ${each}\n● second@long   ${each}\n` +
      "○ all           after second@long, second@short: its inputs may change\n" +
      "2 stages to run, 1 that may follow, 2 up to date\n",
  );
  const status = await pipeline(project, "status");
  assert.match(status.output, /^✓ first@long +made /m);
  assert.match(status.output, /^● second@long +runs each time \(cache: false\)$/m);
  assert.match(
    status.output,
    /^2 stages to run, 1 that may follow, 2 up to date: deno task pipeline\n$/m,
  );
  assert.match((await pipeline(project, "why", "second@long")).output, /^● second@long {2}runs each time/);
});
