/** Where sessions of a test file may write to while they are loaded; nothing of it is left afterwards. */
export const scratch: string = Deno.makeTempDirSync({ prefix: "calibrant-test-" });

addEventListener("unload", () => Deno.removeSync(scratch, { recursive: true }));
