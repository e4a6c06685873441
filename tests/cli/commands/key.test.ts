import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { chain, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("a key is made outside the project's artifacts, for its user alone, and never twice", async () => {
  using project = makeProject(chain);
  const { code, output } = await pipeline(project, "key", "--json");
  assert.equal(code, 0);
  const { keyId, publicFile } = JSON.parse(output);
  const key = createPublicKey(Deno.readTextFileSync(publicFile));
  assert.equal(key.asymmetricKeyType, "ed25519");
  assert.equal(keyId, createHash("sha256").update(key.export({ type: "spki", format: "der" })).digest("hex"));
  const file = project.path("config/calibrant/ed25519.pem");
  assert.equal(Deno.statSync(file).mode! & 0o777, 0o600);
  const before = Deno.readTextFileSync(file);
  const again = await pipeline(project, "key");
  assert.equal(again.code, 2);
  assert.match(again.errors, /ed25519\.pem: found a key, expected none yet\n {2}Move it away/);
  assert.equal(Deno.readTextFileSync(file), before);
});

Deno.test("a private key that others may read is refused before anything runs", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  Deno.chmodSync(project.path("config/calibrant/ed25519.pem"), 0o644);
  const { code, errors, ran } = await pipeline(project);
  assert.deepEqual({ code, ran }, { code: 2, ran: [] });
  assert.match(errors, /found a private key that others may read.*\n {2}Run: chmod 600 /);
});

Deno.test("keys and signatures don't change what is cached", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "key");
  assert.deepEqual((await pipeline(project)).ran, []);
});
