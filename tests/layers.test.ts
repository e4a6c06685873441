/** Data flows one way: cli → pipeline → stages → nn, ebm, calibration, data → graph, runtime. No import goes back up. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each folder may import beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "src/errors.ts": [],
  "src/nearest.ts": [],
  "src/random.ts": [],
  "src/statistics.ts": [],
  "src/lines.ts": ["src/errors.ts"],
  "src/graph": [],
  "src/runtime": ["src/graph", "src/errors.ts"],
  "src/nn": ["src/runtime", "src/graph", "src/random.ts", "src/errors.ts"],
  "src/ebm": ["src/nn", "src/runtime", "src/graph", "src/random.ts", "src/statistics.ts", "src/errors.ts"],
  "src/calibration/resampling": ["src/random.ts", "src/statistics.ts", "src/errors.ts"],
  "src/calibration/predictions": ["src/lines.ts", "src/nearest.ts", "src/errors.ts"],
  "src/calibration/metrics": [
    ...["src/calibration/predictions", "src/calibration/resampling"],
    ...["src/random.ts", "src/statistics.ts"],
  ],
  "src/calibration/calibrators": [
    ...["src/calibration/metrics", "src/calibration/predictions", "src/calibration/resampling"],
    "src/errors.ts",
  ],
  "src/calibration": ["src/lines.ts", "src/random.ts", "src/statistics.ts", "src/errors.ts"],
  "src/analysis": ["src/calibration", "src/statistics.ts"],
  "src/data": ["src/lines.ts", "src/random.ts", "src/errors.ts"],
  "src/report": ["src/calibration", "src/data", "src/statistics.ts", "src/errors.ts"],
  "src/pipeline": ["src/nearest.ts", "src/errors.ts"],
  "stages": [
    ...[
      "src/report",
      "src/analysis",
      "src/calibration",
      "src/data",
      "src/ebm",
      "src/nn",
      "src/runtime",
      "src/graph",
      "src/random.ts",
      "src/statistics.ts",
    ],
    ...["src/pipeline/stage.ts", "src/errors.ts"],
  ],
  "src/cli": ["src/pipeline", "src/runtime", "src/report", "src/calibration", "src/errors.ts"],
};

const folders = Object.keys(mayImport);
const folderOf = (file: string) => folders.find((folder) => file === folder || file.startsWith(`${folder}/`));

const files = ["src", "stages"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
);

Deno.test("every source file belongs to a layer", () => {
  assert.deepEqual(files.filter((file) => folderOf(file) === undefined), []);
});

Deno.test("no layer imports one above it", () => {
  const wrong = files.flatMap((file) => {
    const source = readFileSync(join(root, file), "utf8");
    const imported = Array.from(source.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g), ([, path]) => path);
    return imported.map((path) => relative(root, join(root, dirname(file), path)))
      .filter((target) => {
        const own = folderOf(file)!;
        const allowed = [own, ...mayImport[own]];
        return !allowed.some((folder) => target === folder || target.startsWith(`${folder}/`));
      })
      .map((target) => `${file} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});
