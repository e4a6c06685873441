import assert from "node:assert/strict";
import { hubOfEnvironment } from "../../src/hub/hub.ts";
import { environment } from "../runtime/setup/tools.ts";

Deno.test("the environment names the hub and holds the token; empty variables are none", () => {
  using _variables = environment({ HF_ENDPOINT: "https://mirror.example/hub", HF_TOKEN: " hf_x\n" });
  const { endpoint, token } = hubOfEnvironment(() => {});
  assert.deepEqual([endpoint.href, token], ["https://mirror.example/hub/", "hf_x"]);
  using _none = environment({ HF_ENDPOINT: "", HF_TOKEN: "" });
  const usual = hubOfEnvironment(() => {});
  assert.deepEqual([usual.endpoint.href, usual.token], ["https://huggingface.co/", undefined]);
});

Deno.test("what can't be an address or a token is refused, without being shown", () => {
  for (const address of ["mirror", "ftp://mirror.example", "https://me:password@mirror.example"]) {
    using _variables = environment({ HF_ENDPOINT: address, HF_TOKEN: "" });
    assert.throws(() => hubOfEnvironment(() => {}), {
      message:
        "found something else in HF_ENDPOINT, expected an address without a user, such as https://huggingface.co",
    });
  }
  using _variables = environment({ HF_ENDPOINT: "", HF_TOKEN: "hf_x hf_y" });
  assert.throws(
    () => hubOfEnvironment(() => {}),
    /^InputError: found something else in HF_TOKEN, expected a token/,
  );
});
