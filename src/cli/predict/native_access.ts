import { join, resolve } from "node:path";
import { tensorFlowPermissions } from "../../runtime/permissions.ts";
import { withWriteAccess } from "../program/write_access.ts";

/** What a process needs besides reading files, its environment, and writing, to load libtensorflow. */
const flags = [
  `--allow-ffi=${tensorFlowPermissions.ffi.join(",")}`,
  "--allow-sys=uid", // TensorFlow.js asks whether it may read a model's file, for which Deno asks who the user is.
];

/**
 * Calls `work` with a folder for a model to be loaded from, which exists only until the process ends. Where
 * the process may not write to that or to the paths, it runs the whole command line again in one that may.
 */
export async function withNativeAccess(
  paths: readonly string[],
  work: (scratch: string) => Promise<void>,
): Promise<void> {
  const parent = join(artifacts(), ".scratch");
  await withWriteAccess([parent, ...paths.map((path) => resolve(path))], async () => {
    Deno.mkdirSync(parent, { recursive: true });
    const scratch = Deno.makeTempDirSync({ dir: parent });
    globalThis.addEventListener("unload", () => Deno.removeSync(scratch, { recursive: true }));
    await work(scratch);
  }, flags);
}

/** Returns where `artifacts/` is, which may be a link. */
function artifacts(): string {
  try {
    return Deno.realPathSync("artifacts");
  } catch {
    return resolve("artifacts");
  }
}
