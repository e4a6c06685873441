import { join, resolve } from "node:path";
import { tensorFlowPermissions } from "../../runtime/permissions.ts";
import { runAgain, withWriteAccess } from "../program/write_access.ts";

/** What a process needs besides reading files, its environment, and writing, to load libtensorflow. */
const flags = [
  `--allow-ffi=${tensorFlowPermissions.ffi.join(",")}`,
  "--allow-sys=uid", // TensorFlow.js asks whether it may read a model's file, for which Deno asks who the user is.
];

/**
 * Calls `work` with a folder for a model to be loaded from, which exists only until the process ends. Where
 * the process may not write to that or to the paths, it runs the whole command line again in one that may.
 *
 * @param more further flags of Deno that such a process needs
 */
export async function withNativeAccess(
  paths: readonly string[],
  work: (scratch: string) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const parent = scratchFolder();
  await withWriteAccess([parent, ...paths.map((path) => resolve(path))], async () => {
    Deno.mkdirSync(parent, { recursive: true });
    const scratch = Deno.makeTempDirSync({ dir: parent });
    globalThis.addEventListener("unload", () => Deno.removeSync(scratch, { recursive: true }));
    await work(scratch);
  }, [...flags, ...more]);
}

/**
 * Calls `work` as `withNativeAccess` does, if the process may listen at this address. Otherwise it runs the
 * whole command line again in one that may.
 *
 * @param address a host and its port, as Deno's `--allow-net` takes them
 */
export async function withListeningAccess(
  address: string,
  work: (scratch: string) => Promise<void>,
): Promise<void> {
  const allowed = `--allow-net=${address}`;
  if (Deno.permissions.querySync({ name: "net", host: address }).state !== "granted") {
    return await runAgain([scratchFolder()], [...flags, allowed]);
  }
  await withNativeAccess([], work, [allowed]);
}

function scratchFolder(): string {
  return join(artifacts(), ".scratch");
}

/** Returns where `artifacts/` is, which may be a link. */
function artifacts(): string {
  try {
    return Deno.realPathSync("artifacts");
  } catch {
    return resolve("artifacts");
  }
}
