/** What this machine is, as far as it changes results or what is installed. */

/** The beginning of a file of the kernel's, or undefined where there is no such file. */
function readKernelFile(path: string, bytes: number): string | undefined {
  // Deno refuses /proc to any process that isn't allowed everything.
  const { success, stdout } = new Deno.Command("head", {
    args: ["-c", String(bytes), path],
    stderr: "null",
  }).outputSync();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

/** Whether an NVIDIA driver is loaded. Needs `--allow-run=head` on Linux. */
export function hasNvidiaDriver(): boolean {
  return Deno.build.os === "linux" && readKernelFile("/proc/driver/nvidia/version", 1) !== undefined;
}

/** Instruction sets for which libtensorflow has kernels of their own, each with its own order of sums. */
const instructionSets = ["avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve"];

/** Those of `instructionSets` that the CPU has, joined by blanks. Needs `--allow-run=head` on Linux. */
export function cpuInstructionSets(): string {
  // The first of the CPUs that it lists is enough: they are alike.
  const cpu = Deno.build.os === "linux" ? readKernelFile("/proc/cpuinfo", 8192) : undefined;
  const present = new Set(cpu?.match(/^(?:flags|Features)\s*:(.*)$/m)?.[1].split(" "));
  return instructionSets.filter((name) => present.has(name)).join(" ");
}
