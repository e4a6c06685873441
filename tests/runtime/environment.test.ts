import assert from "node:assert/strict";
import { environmentFacts } from "../../src/runtime/environment.ts";
import { writeStamp } from "../../src/runtime/setup/stamp.ts";
import { placesIn } from "../../src/runtime/setup/places.ts";
import { temporaryFolder } from "./setup/tools.ts";

Deno.test("the facts are the library's version and digests, the device and the CPU's instruction sets", () => {
  using root = temporaryFolder();
  const { setup, stamp } = placesIn(root.path);
  Deno.mkdirSync(setup, { recursive: true });
  writeStamp(stamp, {
    tensorflow: {
      madeFrom: "",
      facts: { tensorflow: "2.21.0", device: "cpu" },
      files: {
        "lib/libtensorflow_cc.so.2": { bytes: 1, sha256: "6505a4" },
        "include/tensorflow/c/c_api.h": { bytes: 1, sha256: "000000" },
      },
    },
  });

  const { "cpu-instructions": cpu, ...facts } = environmentFacts(root.path);

  assert.deepEqual(facts, {
    tensorflow: "2.21.0",
    device: "cpu",
    "libtensorflow_cc.so.2": "6505a4",
    platform: `${Deno.build.os}-${Deno.build.arch}`,
  });
  assert.match(cpu, /^[a-z0-9_ ]*$/);
});

Deno.test("where the user hides all GPUs from a library for GPUs, the device is the CPU", () => {
  using root = temporaryFolder();
  const { setup, stamp } = placesIn(root.path);
  Deno.mkdirSync(setup, { recursive: true });
  writeStamp(stamp, {
    tensorflow: { madeFrom: "", facts: { tensorflow: "2.21.0", device: "cuda" }, files: {} },
  });
  const before = Deno.env.get("CUDA_VISIBLE_DEVICES");
  try {
    Deno.env.delete("CUDA_VISIBLE_DEVICES");
    assert.equal(environmentFacts(root.path).device, "cuda");
    const devices = [
      ...["1", "0,1", "GPU-8932f937", "MIG-b7c8"].map((visible) => [visible, "cuda"]),
      ...["-1", "", "none", "NoDevFiles"].map((visible) => [visible, "cpu"]),
    ];
    for (const [visible, device] of devices) {
      Deno.env.set("CUDA_VISIBLE_DEVICES", visible);
      assert.equal(environmentFacts(root.path).device, device, visible);
    }
  } finally {
    if (before === undefined) Deno.env.delete("CUDA_VISIBLE_DEVICES");
    else Deno.env.set("CUDA_VISIBLE_DEVICES", before);
  }
});

Deno.test("without a finished set-up the message says what to do", () => {
  using root = temporaryFolder();
  assert.throws(() => environmentFacts(root.path), /Run `deno task setup`/);
});
