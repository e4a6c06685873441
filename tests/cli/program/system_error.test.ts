import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOfSystem, notWritten } from "../../../src/cli/program/system_error.ts";
import { InputError } from "../../../src/errors.ts";
import { inFolder } from "../../in_folder.ts";

function errorOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

Deno.test("the system's answers are told apart from mistakes of the program, whoever passes them on", () =>
  inFolder((folder) => {
    const path = join(folder, "nowhere", "file");
    const ofDeno = errorOf(() => Deno.writeTextFileSync(path, ""));
    const ofNode = errorOf(() => writeFileSync(path, ""));
    const ofProgram = errorOf(() => (undefined as unknown as string).length);
    assert.deepEqual([ofDeno, ofNode, ofProgram].map(isOfSystem), [true, true, false]);
    for (const error of [ofDeno, ofNode]) {
      const told = notWritten(path, error);
      assert.ok(told instanceof InputError);
      assert.match(
        told.message,
        /file: found a path that can't be written \(.*\), expected a place to write to/,
      );
    }
    assert.equal(notWritten(path, ofProgram), ofProgram);
  }));
