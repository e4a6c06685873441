import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { InputError } from "../../src/errors.ts";

/** Gives the test a temporary folder with these files, and removes it afterwards. */
export async function withFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeFile(join(folder, name), bytes);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Returns the message that a person sees for a mistake in one of these files, without the name of the folder.
 */
export async function messageFor(
  files: Readonly<Record<string, string | Uint8Array>>,
  read: (folder: string) => Promise<unknown>,
): Promise<string> {
  let message = "";
  await withFiles(files, async (folder) => {
    const error = await read(folder).then(() => assert.fail("nothing was thrown"), (error: unknown) => error);
    if (!(error instanceof InputError)) throw error;
    message = error.message.replaceAll(join(folder, "/"), "");
  });
  return message;
}
