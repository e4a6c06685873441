/**
 * The page docs/benchmarks.md has a section for each kind of benchmark, which the newest run of that kind
 * replaces.
 */
import { existsSync } from "node:fs";
import os from "node:os";
import { cpuInstructionSets } from "../../src/runtime/machine.ts";
import { placesIn } from "../../src/runtime/setup/places.ts";
import { readStamp } from "../../src/runtime/setup/stamp.ts";
import type { Bench } from "../benchmark.ts";
import { peerVersions } from "../peers/environment.ts";
import { threads } from "../settings.ts";

/** The heading of each kind's section, in the order of the page. */
export const headings = {
  steps: "Training steps beside PyTorch",
  grouped: "Training on reviews beside PyTorch with texts grouped by length",
  curves: "Losses beside PyTorch's",
  sampling: "Sampling beside transformers",
  inference: "Inference beside PyTorch",
  predict: "Predicting beside PyTorch, ONNX Runtime and OpenVINO",
  serve: "Serving beside FastAPI",
  tokenizer: "Tokenising beside `tokenizers`",
  growth: "Growth",
  gpu: "What a GPU should take",
  engine: "The engine beside DVC and Snakemake",
  schedule: "The scheduler, simulated",
  metrics: "Metrics of predictions",
} as const;

/** The name of a kind of benchmark. */
export type Kind = keyof typeof headings;

const kinds = Object.keys(headings) as Kind[];

const introduction = `# Benchmarks

\`deno task bench\` writes this page from its own output, and \`deno task bench KIND\` the section of one kind: ${
  kinds.map((kind) => `\`${kind}\``).join(", ")
}. Programs that are compared take turns on one machine, each warm in a process of its own, and the figures are medians where nothing else is said.
A goal stands beside its figure, which is in bold where the goal is missed.

![How many times as fast as the other program, in the same precision](speed.svg)`;

/** The section that people write, who know why a goal is missed; each run leaves it as it is. */
const writtenByHand = /<!-- begin goals[^]*?<!-- end goals -->/;

/** Replaces these sections of the document and leaves the others as they were. */
export function updated(document: string, sections: Readonly<Partial<Record<Kind, string>>>): string {
  const all = kinds.flatMap((kind) => {
    const text = sections[kind] ?? previous(document, kind);
    return text === undefined ? [] : [`${begin(kind)}\n\n## ${headings[kind]}\n\n${text}\n\n${end(kind)}`];
  });
  return `${[introduction, ...(document.match(writtenByHand) ?? []), ...all].join("\n\n")}\n`;
}

const begin = (kind: Kind) => `<!-- begin ${kind}: written by deno task bench -->`;
const end = (kind: Kind) => `<!-- end ${kind} -->`;

function previous(document: string, kind: Kind): string | undefined {
  const [, section] = document.split(begin(kind));
  return section?.split(end(kind))[0].replace(`## ${headings[kind]}`, "").trim();
}

/** The packages that each kind is compared with. */
const packages: Readonly<Record<Kind, readonly string[]>> = {
  steps: ["torch", "transformers"],
  grouped: ["torch", "transformers"],
  curves: ["torch", "transformers"],
  sampling: ["torch", "transformers"],
  inference: ["torch", "transformers"],
  predict: ["torch", "transformers", "onnxruntime", "openvino", "tokenizers"],
  serve: ["torch", "transformers", "onnxruntime", "openvino", "fastapi", "uvicorn"],
  tokenizer: ["tokenizers"],
  growth: [],
  gpu: [],
  engine: ["dvc", "snakemake"],
  schedule: [],
  metrics: ["numpy", "scikit-learn", "relplot"],
};

/** Says on which day and machine, and with which versions, a section was measured. */
export function circumstances(
  { root, peers, load }: Pick<Bench, "root" | "peers" | "load">,
  kind: Kind,
): string {
  const tensorFlow = readStamp(placesIn(root).stamp).tensorflow?.facts.tensorflow;
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const others = peers ? packages[kind].map((name) => `${name} ${peerVersions[name]}`) : [];
  return [
    new Date().toISOString().slice(0, 10),
    `${os.cpus()[0].model} (${
      cpuInstructionSets().replaceAll("_", "\\_")
    }), ${navigator.hardwareConcurrency} cores, ` +
    `${memory} GiB, ${Deno.build.os} ${Deno.build.arch}`,
    `${threads} threads`,
    `a load of ${load.toFixed(1)} when the run began`,
    [`Deno ${Deno.version.deno}`, `libtensorflow ${tensorFlow}`, ...others].join(", "),
  ].join("; ") + ".";
}

/** Reads the document, which is empty where it doesn't exist yet. */
export function readDocument(path: string): string {
  return existsSync(path) ? Deno.readTextFileSync(path) : "";
}
