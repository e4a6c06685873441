/** The package's entries, as programs use them that import it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPredictions } from "../src/calibration/predictions/logits_file.ts";
import { readRows } from "../src/data/rows.ts";
import { InputError, loadClassifier } from "../mod.ts";
import { assertClose } from "./close.ts";
import { writeTinyModel } from "./inference/tiny_model.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [page] = readFileSync(join(root, "docs/library.md"), "utf8").split("## Measuring");

async function run(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}) {
  const env = { NO_COLOR: "1", ...variables };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd, env })
    .output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}

Deno.test("a classifier as a library loads it", async (t) => {
  const folder = await Deno.makeTempDir();
  const { model, evaluation, data } = await writeTinyModel(folder);
  const calibrator = join(evaluation, "calibrator.json");

  await t.step("answers as it was evaluated", async () => {
    using classifier = await loadClassifier(model, { calibrator, threads: 1, sets: 0.5 });
    assert.deepEqual(classifier.classes, ["negative", "positive"]);
    assert.match(classifier.promises[0], /^calibrated: T = [\d.]+, fitted on 10 texts of dev1$/);
    const rows = await readRows(join(data, "dev2.jsonl"));
    const evaluated = await readPredictions(join(evaluation, "predictions.dev2.jsonl"));
    const answers = await classifier.classify(rows.map(({ text }) => text));
    assertClose(answers.flatMap(({ logits }) => logits), evaluated.logits, 1e-5);
    assertClose(answers.map(({ energy }) => energy!), evaluated.energies!, 1e-5);
    assert.ok(answers.every(({ set }) => set !== undefined));

    const [plain, without] = await classifier.classify(["good film", { text: "good film", pair: undefined }]);
    assert.deepEqual(plain, without);
    const [alone, pair] = await classifier.classify(["good film", { text: "good film", pair: "bad plot" }]);
    assert.notDeepEqual(alone.logits, pair.logits);
    assert.deepEqual(await classifier.classify([]), []);
    await assert.rejects(
      classifier.classify(["good", " "]),
      (error) => error instanceof InputError && /^texts:2: found an empty text, .*$/.test(error.message),
    );
    classifier.close(); // and once more at the end of the block
  });

  await t.step("is refused another model's calibrator, and a folder without a classifier", async () => {
    const changed = join(folder, "changed");
    await cp(model, changed, { recursive: true });
    writeFileSync(join(changed, "tokenizer_config.json"), "{ }");
    for (
      const [path, options, message] of [
        [
          changed,
          { calibrator },
          /calibrator\.json: found no calibrator of this model, expected the model's calibrator/,
        ],
        [
          model,
          { calibrator: join(folder, "none.json") },
          /none\.json: found no such file, expected the model's/,
        ],
        [data, {}, /config\.json: found no readable file/],
      ] as const
    ) {
      await assert.rejects(
        loadClassifier(path, options),
        (error) => error instanceof InputError && message.test(error.message),
      );
    }
  });

  await t.step("runs in the example of docs/library.md, with the permissions that it names", async () => {
    const [, example] = page.match(/```ts ignore\n([^]*?)```/) ?? [];
    const [, command] = page.match(/^deno (run .*)$/m) ?? [];
    assert.ok(example && command);
    const program = example.replace('"./calibrant/', `"${root}`).replace(
      '"my-classifier"',
      JSON.stringify(model),
    );
    writeFileSync(join(folder, "classify.ts"), program);
    const args = command.replace("--allow-write=/tmp", `--allow-write=${folder}`).replaceAll(
      "calibrant/",
      root,
    );
    const [, ...flags] = args.split(" ");
    const { code, output, errors } = await run(["run", "--quiet", ...flags], folder, { TMPDIR: folder });
    assert.equal(code, 0, errors);
    assert.match(output, /^(negative|positive) \{ negative: 0\.\d+, positive: 0\.\d+ \}\n$/);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the package could be published, with all that its entries import", async () => {
  const published = await run(["publish", "--dry-run", "--allow-dirty"], root);
  assert.equal(published.code, 0, published.errors);
  const listed = new Set(Array.from(published.errors.matchAll(/^ +(file:\S+) \(/gm), ([, url]) => url));
  for (const entry of ["mod.ts", "src/calibration/mod.ts"]) {
    const { modules } = JSON.parse((await run(["info", "--json", entry], root)).output);
    const local: readonly string[] = modules.map(({ specifier }: { readonly specifier: string }) => specifier)
      .filter((url: string) => url.startsWith("file:") && !url.includes("/node_modules/"));
    assert.ok(local.length > 20);
    assert.deepEqual(local.filter((url) => !listed.has(url)), []);
  }
});
