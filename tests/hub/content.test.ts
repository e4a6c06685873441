import assert from "node:assert/strict";
import { join } from "node:path";
import { contentAt, emptyContent } from "../../src/hub/content.ts";
import type { HubFile } from "../../src/hub/listing.ts";
import { withFiles } from "../data/files.ts";

const file = (bytes: number, algorithm: HubFile["digest"]["algorithm"]): HubFile => ({
  path: "a.txt",
  bytes,
  digest: { algorithm, hex: "" },
});

Deno.test("digests are those of git hash-object and sha256sum, whatever pieces the content comes in", () => {
  // printf 'hello\n' | git hash-object --stdin; printf 'hello\n' | sha256sum
  const git = "ce013625030ba8dba906f756967f9e9ca394464a";
  const sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  for (const pieces of [["hello\n"], ["he", "", "llo", "\n"]]) {
    const [small, large] = [emptyContent(file(6, "git")), emptyContent(file(6, "sha256"))];
    for (const piece of pieces) {
      [small, large].forEach((content) => content.add(new TextEncoder().encode(piece)));
    }
    assert.equal(small.bytes, 6);
    assert.deepEqual(small.digests(), { stated: git, sha256 });
    assert.deepEqual(large.digests(), { stated: sha256, sha256 });
  }
});

Deno.test("what is there of a file is read, and can be gone on from", () =>
  withFiles({ "a.txt": "hel" }, async (folder) => {
    const content = await contentAt(join(folder, "a.txt"), file(6, "git"));
    content.add(new TextEncoder().encode("lo\n"));
    assert.equal(content.digests().stated, "ce013625030ba8dba906f756967f9e9ca394464a");
    assert.equal((await contentAt(join(folder, "b.txt"), file(6, "git"))).bytes, 0);
  }));
