/** A cache behind HTTPS, whose certificate is of an authority of one's own. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { chain, makeProject, type Project } from "../synthetic.ts";
import { configure, pipelineWith } from "./clones.ts";

const all = ["all", "first@long", "first@short", "second@long", "second@short"];

/** Makes an authority and a certificate for this machine, in a folder. */
function certificates(
  folder: string,
): { readonly authority: string; readonly cert: string; readonly key: string } {
  const openssl = (...args: readonly string[]) => {
    const { success, stderr } = new Deno.Command("openssl", { args: [...args], cwd: folder }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  const request = ["req", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  openssl(...request, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority");
  openssl(...request, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=cache");
  Deno.writeTextFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"];
  openssl("x509", "-req", "-in", "request.pem", ...signing, "-out", "cert.pem");
  const read = (name: string) => Deno.readTextFileSync(join(folder, name));
  return { authority: join(folder, "ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

const hasOpenssl =
  new Deno.Command("bash", { args: ["-c", "command -v openssl"], stdout: "null" }).outputSync().success;
if (!hasOpenssl) console.error("no openssl here: the test of HTTPS is skipped");

Deno.test("a cache behind HTTPS serves whoever trusts its authority", { ignore: !hasOpenssl }, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "calibrant-https-" });
  const { authority, cert, key } = certificates(folder);
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", cert, key, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "PUT") kept.set(pathname, await request.bytes());
      return kept.has(pathname) ? new Response(kept.get(pathname)) : new Response(null, { status: 404 });
    },
  );
  const clone = (): Project => {
    const project = makeProject(chain);
    configure(project, { url: `https://127.0.0.1:${server.addr.port}`, mode: "read-write" });
    return project;
  };
  try {
    using theirs = clone();
    using mine = clone();
    const trusting = { DENO_CERT: authority };
    assert.deepEqual((await pipelineWith(theirs, trusting)).ran, all);
    const distrusting = await pipelineWith(mine, {}, "run", "first@long");
    assert.deepEqual([distrusting.code, distrusting.ran], [0, ["first@long"]]);
    assert.match(distrusting.output, /doesn't serve \(.*certificate.*\): the run does without it/);
    const { code, ran, output, errors } = await pipelineWith(mine, trusting);
    assert.deepEqual([code, ran, errors], [0, [], ""], output);
    assert.equal(mine.read("artifacts/all/all.txt"), theirs.read("artifacts/all/all.txt"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
