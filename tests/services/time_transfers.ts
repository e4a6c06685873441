/**
 * Times `push` and `pull` beside `dvc push` and `dvc pull`, all with an S3 server of its own:
 * `deno run --allow-read --allow-write --allow-run --allow-env tests/services/time_transfers.ts DVC [ROUNDS]`,
 * where DVC is the program's path.
 */

import { invocation, makeProject, type Project } from "../pipeline/synthetic.ts";
import { startService } from "./service.ts";

const [dvc, rounds = "3"] = Deno.args;
if (dvc === undefined) {
  console.error("found no path of dvc, expected that of the program, with dvc-s3 beside it");
  Deno.exit(2);
}
const [count, size] = [5, 86_800_000]; // about five encoders, 434 MB together
const files = {
  "stage.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";
export default defineStage({
  description: "Writes files that can't be compressed.",
  parameters: z.strictObject({}),
  inputs: {},
  outputs: { "data": "the files" },
  run({ output }) {
    Deno.mkdirSync(join(output, "data"));
    for (let index = 0; index < ${count}; index++) {
      const bytes = new Uint8Array(${size});
      for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
      Deno.writeFileSync(join(output, "data", String(index)), bytes);
    }
    return Promise.resolve();
  },
});
`,
  "pipeline.yaml": "stages:\n  make: { run: stage.ts }\n",
};

for (let round = 1; round <= Number(rounds); round++) {
  using service = startService("s3");
  using mine = makeProject(files);
  using other = makeProject(files);
  using peer = makeProject({});
  const place = `s3://${service.env.S3_BUCKET}`;
  const made = mine.path("artifacts/make/data");
  const calibrant = async (project: Project, ...args: readonly string[]) => {
    const { program, args: all, env } = invocation(project, args);
    await run(project, { ...env, ...service.env }, program, ...all);
  };
  const call = (...args: readonly string[]) => run(peer, service.env, dvc, ...args, "--quiet");

  await calibrant(mine, "run");
  await calibrant(mine, "lock");
  await run(mine, {}, "cp", "-r", "pipeline.lock", other.path());
  await tell("push", () => calibrant(mine, "push", `${place}/calibrant`));
  await tell("pull", () => calibrant(other, "pull", `${place}/calibrant`));
  await run(mine, {}, "diff", "-r", made, other.path("artifacts/make/data"));

  await call("init", "--no-scm");
  await call("config", "core.analytics", "false");
  await call("remote", "add", "--default", "s3", `${place}/dvc`);
  await call("remote", "modify", "s3", "endpointurl", service.env.AWS_ENDPOINT_URL ?? "");
  await run(mine, {}, "cp", "-r", made, peer.path("data"));
  await call("add", "data");
  await tell("dvc push", () => call("push"));
  await run(peer, {}, "rm", "-rf", "data", ".dvc/cache", ".dvc/tmp");
  await tell("dvc pull", () => call("pull"));
  await run(mine, {}, "diff", "-r", made, peer.path("data"));
}

async function tell(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${what} of ${count} files, ${(count * size / 1e6).toFixed(0)} MB: ${seconds.toFixed(1)} s`);
}

/** Runs a program in a project to its end, which has to be a good one. */
async function run(
  { root }: Project,
  env: Readonly<Record<string, string>>,
  program: string,
  ...args: readonly string[]
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd: root, env })
    .output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  throw new Error(`${program} ${args.join(" ")}: ${said}`);
}
