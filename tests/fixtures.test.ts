import assert from "node:assert/strict";
import { fixture } from "./fixtures.ts";

Deno.test("the scripts that make the fixtures are Python, though CI installs nothing that they import", async () => {
  const names = ["models", "figures", "parquet", "logistic_regression", "glue", "paper_smoke"];
  const scripts = names.map((name) => fixture(`make_${name}.py`));
  const parse = "import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]";
  const { code, stderr } = await new Deno.Command("python3", { args: ["-c", parse, ...scripts] }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
