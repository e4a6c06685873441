/**
 * Lists what Deno must allow a process that loads libtensorflow. This file imports nothing, so that the
 * engine can ask cheaply.
 */

/** The values of Deno's `--allow-read`, `--allow-env` and `--allow-ffi`. */
export interface Permissions {
  readonly read: readonly string[];
  readonly env: readonly string[];
  readonly ffi: readonly string[];
}

/**
 * The permissions that `loadTensorFlow` needs, with paths relative to the project's root. A model's folder
 * must be readable too.
 */
export const tensorFlowPermissions: Permissions = {
  read: ["node_modules"],
  env: [
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_FORCE_GPU_ALLOW_GROWTH",
  ],
  ffi: ["node_modules"],
};
