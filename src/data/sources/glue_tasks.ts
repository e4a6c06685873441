/**
 * The tasks of GLUE with one label of a few: what is to be known of each to read it. Wang et al., GLUE, 2019
 * (arXiv 1804.07461); sizes are those of the data that its site gives out and `nyu-mll/glue` on the hub holds.
 */

import type { CleanupStep } from "../cleanup.ts";
import type { Columns } from "./options.ts";

/** Files with what they are for, and how many rows they are known to have together. */
export interface Layout {
  readonly files: Readonly<Partial<Record<"train" | "dev" | "test", readonly string[]>>>;
  readonly rows: Readonly<Partial<Record<"train" | "dev" | "test", number>>>;
}

/** A task of GLUE. */
export interface GlueTask {
  /** The folder's name in GLUE's archive; on the hub it is the task's. */
  readonly folder: string;
  /** The labels' names, by the numbers that stand for them in most files. */
  readonly names: readonly string[];
  /** The order of the logits, where it isn't that of the numbers. */
  readonly classes?: readonly string[];
  readonly columns: Columns;
  /** The columns of the official files, where they are others: by number, if these have no header. */
  readonly official?: Columns;
  readonly hasHeader?: false;
  readonly layouts: readonly Layout[];
  readonly metric: "accuracy" | "mcc";
  readonly cleanup?: readonly CleanupStep[];
  /** Labels that mean that people didn't agree. */
  readonly noLabel?: readonly string[];
  /** Whether some rows are known to lack a text. */
  readonly skipsTextless?: true;
}

const sentences = { text: "sentence1", pair: "sentence2", label: "label" } as const;
const entailment = ["entailment", "not_entailment"] as const;

/** The layouts of a task whose files have the usual names. */
function usual(train: number, dev: number): readonly Layout[] {
  const rows = { train, dev };
  return [
    { files: { train: ["train.tsv"], dev: ["dev.tsv"] }, rows },
    { files: { train: [shard("train")], dev: [shard("validation")] }, rows },
  ];
}

function shard(split: string): string {
  return `${split}-00000-of-00001.parquet`;
}

/** Each task by its name on the hub. */
export const glueTasks = {
  sst2: {
    folder: "SST-2",
    names: ["negative", "positive"],
    columns: { text: "sentence", label: "label" },
    layouts: usual(67_349, 872),
    metric: "accuracy",
  },
  mnli: {
    folder: "MNLI",
    names: ["entailment", "neutral", "contradiction"],
    classes: ["contradiction", "neutral", "entailment"], // as in RoBERTa's checkpoints
    columns: { text: "premise", pair: "hypothesis", label: "label" },
    official: { text: "sentence1", pair: "sentence2", label: "gold_label" },
    layouts: [
      {
        files: { train: ["train.tsv"], dev: ["dev_matched.tsv"], test: ["dev_mismatched.tsv"] },
        rows: { train: 392_702, dev: 9_815, test: 9_832 },
      },
      {
        files: {
          train: [shard("train")],
          dev: [shard("validation_matched")],
          test: [shard("validation_mismatched")],
        },
        rows: { train: 392_702, dev: 9_815, test: 9_832 },
      },
    ],
    metric: "accuracy",
    noLabel: ["-"],
  },
  qnli: {
    folder: "QNLI",
    names: entailment,
    columns: { text: "question", pair: "sentence", label: "label" },
    layouts: usual(104_743, 5_463),
    metric: "accuracy",
  },
  qqp: {
    folder: "QQP",
    names: ["not_duplicate", "duplicate"],
    columns: { text: "question1", pair: "question2", label: "label" },
    official: { text: "question1", pair: "question2", label: "is_duplicate" },
    layouts: usual(363_846, 40_430),
    metric: "accuracy",
    noLabel: [""],
    skipsTextless: true, // a few lines of its files are cut short
  },
  mrpc: {
    folder: "MRPC",
    names: ["not_equivalent", "equivalent"],
    columns: sentences,
    official: { text: "#1 String", pair: "#2 String", label: "Quality" },
    layouts: [
      ...usual(3_668, 408),
      {
        files: { train: ["msr_paraphrase_train.txt"], test: ["msr_paraphrase_test.txt"] },
        rows: { train: 4_076, test: 1_725 },
      },
    ],
    metric: "accuracy",
    cleanup: ["reattach"],
  },
  cola: {
    folder: "CoLA",
    names: ["unacceptable", "acceptable"],
    columns: { text: "sentence", label: "label" },
    official: { text: 3, label: 1 },
    hasHeader: false,
    layouts: [
      ...usual(8_551, 1_043),
      {
        files: { train: ["in_domain_train.tsv"], dev: ["in_domain_dev.tsv", "out_of_domain_dev.tsv"] },
        rows: { train: 8_551, dev: 1_043 },
      },
    ],
    metric: "mcc",
  },
  rte: {
    folder: "RTE",
    names: entailment,
    columns: sentences,
    layouts: usual(2_490, 277),
    metric: "accuracy",
  },
  wnli: {
    folder: "WNLI",
    names: ["not_entailment", "entailment"],
    columns: sentences,
    layouts: usual(635, 71),
    metric: "accuracy",
  },
} as const satisfies Readonly<Record<string, GlueTask>>;

/** The name of a task. */
export type GlueTaskName = keyof typeof glueTasks;
