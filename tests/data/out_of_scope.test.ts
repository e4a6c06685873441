import assert from "node:assert/strict";
import { readOutOfScope } from "../../src/data/out_of_scope.ts";
import { shared } from "../shared.ts";
import { messageFor } from "./files.ts";

const file = shared("data/intent/CLINC150/data_full.json");
Deno.test({
  name: "the real CLINC150: its 1,000 out-of-scope test questions (Larson et al. 2019, section 2.3)",
  ignore: !file,
  async fn() {
    const rows = await readOutOfScope(file!);
    assert.equal(rows.length, 1000);
    assert.equal(new Set(rows.map(({ id }) => id)).size, 1000);
    assert.deepEqual(rows[0], { id: "oos_test:1", text: "how much has the dow changed today" });
  },
});

Deno.test("a file without such texts is named", async () => {
  const files = { "data.json": '{"oos_test": []}' };
  const expected =
    'data.json: found no such texts, expected CLINC150\'s data_full.json, with texts as "oos_test"';
  assert.equal(await messageFor(files, (folder) => readOutOfScope(`${folder}/data.json`)), expected);
});
