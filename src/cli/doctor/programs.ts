/** Looks at the programs that this project runs on, and that set-up needs. */

import { requireCompiler } from "../../runtime/setup/binding_step.ts";
import { requirePip } from "../../runtime/setup/pip.ts";
import { type Check, check } from "./check.ts";

const [leastMajor, leastMinor] = [2, 9];

/** Checks Deno, Python and the compiler. The latter two are needed only where set-up has something to make. */
export async function programChecks(isSetUp: boolean): Promise<readonly Check[]> {
  const checks = [
    await check("Deno", denoVersion),
    await check("Python", async () => {
      await requirePip();
      return { state: "ok", found: `${versionOf("python3")} with pip` };
    }),
    await check("compiler", async () => {
      await requireCompiler();
      return { state: "ok", found: versionOf("c++") };
    }),
  ];
  return checks.map((one) =>
    isSetUp && one.name !== "Deno" && one.state === "missing"
      ? { ...one, state: "note", fix: "Nothing is to be done: set-up needed it, and is complete." }
      : one
  );
}

function denoVersion(): Omit<Check, "name"> {
  const found = Deno.version.deno;
  const [major, minor] = found.split(".").map(Number);
  if (major === leastMajor && minor >= leastMinor) return { state: "ok", found };
  return {
    state: major > leastMajor ? "note" : "missing",
    found: `${found}, but this project is for ${leastMajor}.${leastMinor}`,
    fix: "Write `npx -y deno@2.9.6 task …` for `deno task …`, or install that version: https://deno.com",
  };
}

/** Returns the first line of what a program says of its version. */
function versionOf(program: string): string {
  const { stdout } = new Deno.Command(program, { args: ["--version"], stderr: "null" }).outputSync();
  return new TextDecoder().decode(stdout).split("\n", 1)[0];
}
