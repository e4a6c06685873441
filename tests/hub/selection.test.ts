import assert from "node:assert/strict";
import type { HubFile } from "../../src/hub/listing.ts";
import { repositoryAt } from "../../src/hub/repository.ts";
import { select } from "../../src/hub/selection.ts";

const model = repositoryAt("model:tiny/bert", "0".repeat(40));
const dataset = repositoryAt("dataset:owner/pairs", "0".repeat(40));
const listed = (...paths: readonly string[]): readonly HubFile[] =>
  paths.map((path) => ({ path, bytes: 1, digest: { algorithm: "git", hex: "0".repeat(40) } }));
const chosen = (...args: Parameters<typeof select>) => select(...args).map(({ path }) => path);

Deno.test("of a model come configuration, tokenizer and safetensors, and no other weights", () => {
  // These are the files of FacebookAI/roberta-base and some of a sharded model's.
  const roberta = listed(
    ...[".gitattributes", "README.md", "config.json", "dict.txt", "flax_model.msgpack", "merges.txt"],
    ...["model.safetensors", "pytorch_model.bin", "rust_model.ot", "tf_model.h5", "tokenizer.json"],
    ...["tokenizer_config.json", "vocab.json", "onnx/model.safetensors"],
  );
  assert.deepEqual(chosen(model, roberta, undefined, undefined), [
    ...[
      "config.json",
      "merges.txt",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
      "vocab.json",
    ],
  ]);
  const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  const sharded = listed("config.json", ...shards, "model.safetensors.index.json", "optimizer.pt");
  assert.deepEqual(chosen(model, sharded, undefined, undefined), [
    "config.json",
    ...shards,
    "model.safetensors.index.json",
  ]);
});

Deno.test("a model that has only weights that are never read is refused with what to do", () => {
  assert.throws(() => select(model, listed("config.json", "pytorch_model.bin"), undefined, undefined), {
    message: 'found no file "*.safetensors" among the files of the model tiny/bert, "config.json", ' +
      '"pytorch_model.bin", expected one at least\n' +
      "  Only safetensors are read. Many models have them in a revision of their own, such as refs/pr/1.",
  });
});

Deno.test("names and globs choose files, each of which has to be there", () => {
  const files = listed(
    "a.txt",
    "data/b.txt",
    "data/deep/c.txt",
    "data/train-00000-of-00001.parquet",
    "x[1]+.txt",
  );
  assert.deepEqual(chosen(dataset, files, ["*.txt"], undefined), ["a.txt", "x[1]+.txt"]);
  assert.deepEqual(chosen(dataset, files, ["**/*.txt"], undefined), [
    ...["a.txt", "data/b.txt", "data/deep/c.txt", "x[1]+.txt"],
  ]);
  assert.deepEqual(chosen(dataset, files, ["data/**"], undefined).length, 3);
  assert.deepEqual(chosen(dataset, files, ["x[1]+.txt", "?.txt"], undefined), ["a.txt", "x[1]+.txt"]);
  assert.throws(() => select(dataset, files, ["a.txt", "data/b.tx"], undefined), {
    message:
      'found no file "data/b.tx" among the files of the data set owner/pairs, "a.txt", "data/b.txt", ' +
      '"data/deep/c.txt", "data/train-00000-of-00001.parquet", "x[1]+.txt", expected one at least\n' +
      '  Did you mean "data/b.txt"?',
  });
});

Deno.test("files of a configuration are looked for in its folder", () => {
  const files = listed("mrpc/test.parquet", "mrpc/train.parquet", "rte/train.parquet", "README.md");
  assert.deepEqual(chosen(dataset, files, undefined, "mrpc"), ["mrpc/test.parquet", "mrpc/train.parquet"]);
  assert.deepEqual(chosen(dataset, files, ["train*"], "rte"), ["rte/train.parquet"]);
  assert.throws(
    () => select(dataset, listed("README.md"), undefined, undefined),
    /^InputError: found the files of .*, "README.md", none of which is parquet, CSV, TSV, JSON or text/,
  );
});
