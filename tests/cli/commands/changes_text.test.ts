import assert from "node:assert/strict";
import { makeProject, pipeline, withoutPrices } from "../../pipeline/synthetic.ts";

const shoutStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Writes texts in capitals.",
  parameters: z.strictObject({}),
  inputs: { texts: { description: "a folder of texts" } },
  outputs: { loud: "a folder of texts" },
  async run({ input, output }) {
    await Deno.mkdir(join(output, "loud"));
    for (const { name } of Deno.readDirSync(input("texts"))) {
      const text = await Deno.readTextFile(join(input("texts"), name));
      await Deno.writeTextFile(join(output, "loud", name), text.toUpperCase());
    }
  },
});
`;

Deno.test("why, plan and diff name the files that changed in a folder, of the user or of another stage", async () => {
  using project = makeProject({
    "stages/shout.ts": shoutStage,
    "texts/a.txt": "a",
    "texts/b.txt": "b",
    "texts/c.txt": "c",
    "pipeline.yaml": `
stages:
  first: { run: stages/shout.ts, needs: { texts: ./texts } }
  second: { run: stages/shout.ts, needs: { texts: first:loud } }
`,
  });
  await pipeline(project);
  project.write({ "texts/b.txt": "another", "texts/new.txt": "new" });
  Deno.removeSync(project.path("texts/c.txt"));
  assert.match(
    withoutPrices((await pipeline(project, "plan")).output),
    /^● first +input texts \(b\.txt, c\.txt removed and 1 more\) changed$/m,
  );
  const lines = "\n    b.txt changed\n    c.txt removed\n    new.txt added\n";
  assert.ok((await pipeline(project, "why", "first")).output.endsWith(lines));
  await pipeline(project, "run", "first");
  assert.ok((await pipeline(project, "why", "second")).output.endsWith(lines));
  await pipeline(project);
  const names = Array.from({ length: 9 }, (_, index) => `texts/${index}.txt`);
  project.write(Object.fromEntries(names.map((name) => [name, name])));
  await pipeline(project);
  for (const instance of ["first", "second"]) {
    const { output } = await pipeline(project, "diff", instance);
    assert.match(output, /^depends on\n {2}input .*\n {4}0\.txt added\n(.*\n){4} {4}and 4 more\n\nfiles$/m);
    const { changes } = JSON.parse((await pipeline(project, "diff", instance, "--json")).output);
    assert.equal(changes[0].files.length, 9);
  }
});
