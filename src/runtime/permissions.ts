/** What Deno must allow a process that loads libtensorflow. Imports nothing, so that the engine can ask cheaply. */

/** Lists for Deno's `--allow-read`, `--allow-env` and `--allow-ffi`. */
export interface Permissions {
  readonly read: readonly string[];
  readonly env: readonly string[];
  readonly ffi: readonly string[];
}

/** All that `loadTensorFlow` needs, relative to the project's root. A model's folder must be readable besides. */
export const tensorFlowPermissions: Permissions = {
  read: ["node_modules"],
  env: [
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_FORCE_GPU_ALLOW_GROWTH",
  ],
  ffi: ["node_modules"],
};
