import assert from "node:assert/strict";
import { join } from "node:path";
import { openSavedState, readState, type State, writeState } from "../../../src/ebm/training/saved_state.ts";
import { inFolder } from "../../in_folder.ts";

interface Progress {
  readonly step: number;
}

const stateAt = (step: number): State<Progress> => ({
  progress: { step },
  tensors: new Map([["weight", { shape: [2], data: Float32Array.of(step, -0) }]]),
});

const filesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name)).sort();

/** Opens a folder as a stage does, and returns the state that it finds and its log. */
async function opened(folder: string) {
  const lines: string[] = [];
  const { found } = await openSavedState<Progress>(folder, (line) => lines.push(line));
  return { found, lines };
}

Deno.test("the state saved last is found, and no older one is kept", async () => {
  await inFolder(async (folder) => {
    assert.deepEqual(await opened(folder), { found: undefined, lines: [] });
    for (const step of [1, 2, 3]) await writeState(folder, stateAt(step));
    assert.deepEqual(await opened(folder), { found: stateAt(3), lines: [] });
    assert.equal(filesIn(folder).length, 2);
  });
});

Deno.test("what a crash leaves before a state is whole is as if it had never begun", async () => {
  await inFolder(async (folder) => {
    await writeState(folder, stateAt(1));
    const [first] = filesIn(folder).filter((path) => path.endsWith(".safetensors"));
    await Deno.writeFile(join(folder, "next.safetensors"), Deno.readFileSync(first).subarray(0, 50));
    await Deno.writeTextFile(join(folder, "state.json.next"), '{"digest":"');
    assert.deepEqual(await opened(folder), { found: stateAt(1), lines: [] });
    await writeState(folder, stateAt(2));
    assert.deepEqual(await readState(folder), stateAt(2));
    assert.equal(filesIn(folder).length, 2);
  });
});

const damages: Readonly<Record<string, (path: string) => void>> = {
  "a changed bit": (path) => {
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 2] ^= 1;
    Deno.writeFileSync(path, bytes);
  },
  "a lost end": (path) => Deno.truncateSync(path, Deno.statSync(path).size - 3),
  "no content": (path) => Deno.truncateSync(path, 0),
};

for (const [damage, inflict] of Object.entries(damages)) {
  Deno.test(`${damage} in either file: nothing is found, the log says so, and the next state is saved`, async () => {
    for (const which of [0, 1]) {
      await inFolder(async (folder) => {
        await writeState(folder, stateAt(1));
        inflict(filesIn(folder)[which]);
        const { found, lines } = await opened(folder);
        assert.equal(found, undefined);
        assert.equal(lines.length, 1);
        assert.match(lines[0], /^the saved state can't be read, so the stage starts anew: ./);
        await writeState(folder, stateAt(2));
        assert.deepEqual((await opened(folder)).found, stateAt(2));
      });
    }
  });
}

Deno.test("tensors that are gone: nothing is found", async () => {
  await inFolder(async (folder) => {
    await writeState(folder, stateAt(1));
    filesIn(folder).filter((path) => path.endsWith(".safetensors")).forEach((path) => Deno.removeSync(path));
    assert.equal((await opened(folder)).found, undefined);
  });
});
