/** Makes a task and a BERT checkpoint that are so small that a stage trains on them in seconds. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDataset } from "../../src/data/dataset.ts";
import { writeRows } from "../../src/data/rows.ts";
import { classifierProgram, isHead } from "../../src/ebm/classifier/program.ts";
import { initialValues } from "../../src/nn/checkpoint.ts";
import { readConfig } from "../../src/nn/read_config.ts";
import { writeSafetensors } from "../../src/nn/safetensors.ts";
import { randomStream } from "../../src/random.ts";
import { tinyTraining } from "../tiny_classifier.ts";

const words = ["good", "fine", "great", "bad", "poor", "dull", "a", "the", "film", "plot", "cast", "and"];
const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** Writes a BERT checkpoint with random weights and a tokenizer that knows a dozen words. */
export async function writeTinyBert(folder: string): Promise<void> {
  await mkdir(folder);
  const sizes = { vocab_size: special.length + words.length, hidden_size: 16, num_hidden_layers: 2 };
  const more = { num_attention_heads: 2, intermediate_size: 32, max_position_embeddings: 64 };
  const other = { type_vocab_size: 2, pad_token_id: 0, layer_norm_eps: 1e-12, hidden_act: "gelu" };
  const rates = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 };
  const config = { model_type: "bert", ...sizes, ...more, ...other, ...rates };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(wordTokenizer()));
  await writeFile(join(folder, "tokenizer_config.json"), "{}");

  const shape = { config: await readConfig(folder), classes: 2, variant: "baseline" } as const;
  const encoder = classifierProgram({ ...shape, ...tinyTraining }).variables.filter(({ name }) =>
    !isHead(name)
  );
  const fresh = { isNew: () => true, random: randomStream(1, "weights") };
  const weights = initialValues(encoder, { folder, weights: new Map() }, fresh);
  await writeSafetensors(join(folder, "model.safetensors"), weights);
}

function wordTokenizer() {
  const vocab = Object.fromEntries([...special, ...words].map((token, id) => [token, id]));
  const flags = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
  const [cls, sep] = ["[CLS]", "[SEP]"].map((token): [string, number] => [token, vocab[token]]);
  return {
    ...{ version: "1.0", truncation: null, padding: null },
    added_tokens: special.map((content, id) => ({ id, content, ...flags })),
    normalizer: null,
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls, sep },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" },
      ...{ max_input_chars_per_word: 100, vocab },
    },
  };
}

/** Writes a data set of 60 short texts, in which positive and negative texts have different adjectives. */
export async function writeTinyTask(folder: string): Promise<void> {
  await mkdir(folder);
  const random = randomStream(1, "texts");
  const counts = { train: 30, tune: 10, dev1: 10, dev2: 10 };
  const splits = Object.entries(counts).map(([name, count]) => {
    const rows = Array.from({ length: count }, (_, index) => {
      const label = index % 2;
      const word = () =>
        words[random.integer(2) ? 6 + random.integer(6) : 3 * (1 - label) + random.integer(3)];
      const text = Array.from({ length: 3 + random.integer(8) }, word).join(" ");
      return { id: `${name}-${index}`, text, label };
    });
    return { name, rows };
  });
  for (const { name, rows } of splits) await writeRows(join(folder, `${name}.jsonl`), rows);
  const described = (count: number) => ({ rows: count, perClass: [count / 2, count / 2] });
  await writeDataset(folder, {
    classes: ["negative", "positive"],
    pairs: false,
    splits: {
      train: described(counts.train),
      tune: described(counts.tune),
      dev1: described(counts.dev1),
      dev2: described(counts.dev2),
    },
    duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
  });
}
