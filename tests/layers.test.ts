/**
 * Data flows one way: cli → pipeline → stages → inference → nn, ebm, calibration, data → graph, runtime; and within
 * src/pipeline from check down to store. No import goes back up.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The folders of src/pipeline from top to bottom: each may import those on the floors below its own, and
 * stage.ts.
 */
const engineFloors = [
  ["check"],
  ["run", "explain", "share"],
  ["execute", "remote"],
  ["process", "provenance"],
  ["plan"],
  ["graph"],
  ["file"],
  ["store"],
];

const engineFolders = engineFloors.flatMap((floor, index) =>
  floor.map((folder) => {
    const below = engineFloors.slice(index + 1).flat().map((name) => `src/pipeline/${name}`);
    return [`src/pipeline/${folder}`, [
      ...below,
      "src/pipeline/stage.ts",
      "src/nearest.ts",
      "src/errors.ts",
      "src/write_all.ts",
    ]] as const;
  })
);

/** What each folder may import beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "src/errors.ts": ["src/excerpt.ts"],
  "src/nearest.ts": [],
  "src/random.ts": [],
  "src/statistics.ts": [],
  "src/excerpt.ts": [],
  "src/write_all.ts": [],
  "src/file_form.ts": ["src/excerpt.ts"],
  "src/lines.ts": ["src/file_form.ts", "src/errors.ts"],
  "src/graph": [],
  "src/runtime": ["src/graph", "src/errors.ts"],
  "src/nn": [
    ...["src/runtime", "src/graph", "src/random.ts"],
    ...["src/lines.ts", "src/excerpt.ts", "src/errors.ts"],
  ],
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
  "src/hub": ["src/excerpt.ts", "src/nearest.ts", "src/errors.ts"],
  "src/data": ["src/lines.ts", "src/excerpt.ts", "src/nearest.ts", "src/random.ts", "src/errors.ts"],
  "src/noise": [
    ...["src/ebm", "src/nn", "src/analysis", "src/data"],
    ...["src/random.ts", "src/errors.ts"],
  ],
  "src/report": ["src/calibration", "src/data", "src/statistics.ts", "src/errors.ts"],
  "src/inference": [
    ...["src/ebm", "src/nn", "src/runtime", "src/graph", "src/calibration"],
    ...["src/lines.ts", "src/excerpt.ts", "src/nearest.ts", "src/errors.ts"],
  ],
  "src/export": [
    ...["src/inference", "src/ebm", "src/nn", "src/graph", "src/calibration", "src/data", "src/report"],
    "src/errors.ts",
  ],
  "src/server": ["src/inference", "src/report", "src/nn", "src/errors.ts"],
  "src/pipeline/stage.ts": [],
  ...Object.fromEntries(engineFolders),
  "stages": [
    ...[
      "src/inference",
      "src/report",
      "src/noise",
      "src/analysis",
      "src/calibration",
      "src/data",
      "src/hub",
      "src/ebm",
      "src/nn",
      "src/runtime",
      "src/graph",
      "src/random.ts",
      "src/statistics.ts",
    ],
    ...["src/pipeline/stage.ts", "src/errors.ts", "src/excerpt.ts"],
  ],
  "mod.ts": ["src/inference", "src/nn", "src/errors.ts"],
  "src/cli": [
    ...["src/pipeline", "src/server", "src/export", "src/inference", "src/data", "src/report"],
    "src/calibration",
    ...["src/nn", "src/runtime", "src/graph"],
    ...["src/lines.ts", "src/nearest.ts", "src/excerpt.ts", "src/errors.ts", "src/write_all.ts"],
  ],
};

const folders = Object.keys(mayImport);
const folderOf = (file: string) => folders.find((folder) => file === folder || file.startsWith(`${folder}/`));

const files = [
  "mod.ts",
  ...["src", "stages"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name))
  ),
];

Deno.test("every source file belongs to a layer", () => {
  assert.deepEqual(files.filter((file) => folderOf(file) === undefined), []);
});

/** The files of the project that a file imports, also for their types only. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(root, file), "utf8").replace(/\/\*\*[^]*?\*\//g, ""); // without examples
  const paths = [...source.matchAll(/(?:from |import |import\()"(\.[^"]+)"/g)].flatMap(([, path]) =>
    path ?? []
  );
  return paths.map((path) => relative(root, join(root, dirname(file), path)));
}

Deno.test("no layer imports one above it", () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => {
        const own = folderOf(file) ?? "";
        const allowed = [own, ...mayImport[own] ?? []];
        return !allowed.some((folder) => target === folder || target.startsWith(`${folder}/`));
      })
      .map((target) => `${file} imports ${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("no file imports itself by way of others", () => {
  assert.equal(circleIn(new Map(files.map((file) => [file, importsOf(file)]))), undefined);
});

Deno.test("a circle of imports is told as a path", () => {
  const imports = { "a.ts": ["b.ts"], "b.ts": ["c.ts", "d.ts"], "c.ts": [], "d.ts": ["b.ts"] };
  assert.equal(circleIn(new Map(Object.entries(imports))), "b.ts → d.ts → b.ts");
});

/** The first circle among imports, as a path; undefined where there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file].join(" → ");
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const circle = visit(target, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}
