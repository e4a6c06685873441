/** Finds out which build of libtensorflow this machine needs. */

import { InputError } from "../../errors.ts";
import { hasNvidiaDriver } from "../machine.ts";

/** The kinds of machines that there is a libtensorflow for. */
export type Platform = "linux-x86_64" | "linux-x86_64-cuda" | "linux-arm64" | "macos-arm64";

/**
 * Returns the platform of a machine, by default of this one.
 *
 * @throws {InputError} where there is no libtensorflow for it
 */
export function detectPlatform({ os, arch }: Pick<typeof Deno.build, "os" | "arch"> = Deno.build): Platform {
  if (os === "linux" && arch === "x86_64") return hasNvidiaDriver() ? "linux-x86_64-cuda" : "linux-x86_64";
  if (os === "linux" && arch === "aarch64") return "linux-arm64";
  if (os === "darwin" && arch === "aarch64") return "macos-arm64";
  throw new InputError({
    found: `the platform ${os} ${arch}`,
    expected: "Linux on x86-64 or arm64, or macOS on arm64: there is no current libtensorflow for others",
    fix: os === "windows" ? "Use the Windows Subsystem for Linux." : "Use another machine or a container.",
  });
}
