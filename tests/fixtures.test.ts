import assert from "node:assert/strict";
import { fixture } from "./fixtures.ts";

Deno.test("the scripts that make the fixtures are Python, though CI installs nothing that they import", async () => {
  const scripts = ["make_models.py", "make_figures.py", "make_logistic_regression.py"].map(fixture);
  const parse = "import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]";
  const { code, stderr } = await new Deno.Command("python3", { args: ["-c", parse, ...scripts] }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
