/**
 * Times one-line stages on this machine and through a Slurm of its own:
 * `deno run --allow-read --allow-write --allow-run --allow-env tests/services/time_jobs.ts [COUNT]`.
 */

import { slurm, startCluster } from "../pipeline/execute/cluster.ts";
import { makeProject, pipeline } from "../pipeline/synthetic.ts";

const count = Number(Deno.args[0] ?? 100);
if (!startCluster(1)) Deno.exit(1);

for (const [what, args] of [["on this machine", []], ["through Slurm", ["--executor=slurm"]]] as const) {
  using project = makeProject({
    "stage.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";
export default defineStage({
  description: "Writes a number.",
  parameters: z.strictObject({ number: z.int() }),
  inputs: {},
  outputs: { "number.txt": "the number" },
  run: ({ parameters, output }) => Deno.writeTextFile(join(output, "number.txt"), String(parameters.number)),
});
`,
    "pipeline.yaml": `resources: { cpu: 4 }
stages:
  one:
    run: stage.ts
    matrix: { number: [${Array.from({ length: count }, (_, index) => index)}] }
    params: { number: "\${matrix.number}" }
`,
  });
  const started = performance.now();
  const { code, output, errors } = await pipeline(project, "run", ...args);
  if (code !== 0) throw new Error(output + errors);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${count} stages ${what}: ${seconds.toFixed(1)} s, ${(seconds / count).toFixed(2)} s each, four at once`,
  );
}

const started = performance.now();
slurm("sbatch", "--wait", `--array=1-${count}`, "--output=/dev/null", "--wrap=true");
const seconds = (performance.now() - started) / 1000;
console.log(`${count} jobs of \`true\` in an array: ${seconds.toFixed(1)} s`);
