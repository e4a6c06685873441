/** Finds out what this machine is, as far as that affects results or what is installed. */

/** Reads the beginning of one of the kernel's files. Returns undefined where there is no such file. */
function readKernelFile(path: string, bytes: number): string | undefined {
  // Deno lets only a process with all permissions read /proc, so `head` reads it.
  const { success, stdout } = new Deno.Command("head", {
    args: ["-c", String(bytes), path],
    stderr: "null",
  }).outputSync();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

/** Tells whether an NVIDIA driver is loaded. It needs `--allow-run=head` on Linux. */
export function hasNvidiaDriver(): boolean {
  return Deno.build.os === "linux" && readKernelFile("/proc/driver/nvidia/version", 1) !== undefined;
}

/**
 * The instruction sets for which libtensorflow has kernels of their own. Each kernel sums in its own order,
 * which affects results.
 */
const instructionSets = ["avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve"];

/**
 * Returns those of `instructionSets` that the CPU has, joined by blanks. It needs `--allow-run=head` on
 * Linux.
 */
export function cpuInstructionSets(): string {
  // The first CPU in the file is enough, since they are all alike.
  const cpu = Deno.build.os === "linux" ? readKernelFile("/proc/cpuinfo", 8192) : undefined;
  const present = new Set(cpu?.match(/^(?:flags|Features)\s*:(.*)$/m)?.[1].split(" "));
  return instructionSets.filter((name) => present.has(name)).join(" ");
}

/** Says whether there are instructions for products in bfloat16 among those of a CPU. */
export function hasBfloat16(sets = cpuInstructionSets()): boolean {
  return sets.includes("bf16");
}
