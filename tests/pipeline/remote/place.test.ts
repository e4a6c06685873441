/** Addresses of caches, and the secrets beside them. */

import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { type CachePlace, cachePlaceAt } from "../../../src/pipeline/remote/place.ts";
import { digestOf } from "../../../src/pipeline/store/digest.ts";

const place = (address: string, environment: Readonly<Record<string, string>> = {}): CachePlace =>
  cachePlaceAt(address, (name) => environment[name]);

const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "very-secret" };

const shown = ({ name, host, base }: CachePlace) => [name, host, base.href];

Deno.test("an address of HTTP is a cache, with the port that it stands for and without its password", async () => {
  assert.deepEqual(shown(place("http://cache.example")), [
    "the remote cache at cache.example",
    "cache.example:80",
    "http://cache.example/",
  ]);
  const secured = place("https://me:p%40ss@cache.example/team");
  assert.deepEqual(shown(secured), [
    "the remote cache at cache.example",
    "cache.example:443",
    "https://cache.example/team/",
  ]);
  const headers = await secured.authorization("GET", secured.base, undefined);
  assert.equal(headers.get("authorization"), `Basic ${btoa("me:p@ss")}`);
  assert.equal(place("http://[::1]:8080/x/").host, "[::1]:8080");
});

Deno.test("a token of the environment goes into the header, and one that can't is refused unseen", async () => {
  const { authorization, base } = place("https://cache.example", { CALIBRANT_CACHE_TOKEN: "geheim" });
  assert.equal((await authorization("GET", base, undefined)).get("authorization"), "Bearer geheim");
  assert.throws(
    () => place("https://cache.example", { CALIBRANT_CACHE_TOKEN: "ge heim" }),
    (error) => error instanceof InputError && !error.message.includes("heim"),
  );
});

Deno.test("a bucket is a path of its endpoint, and a prefix is part of it", () => {
  assert.deepEqual(shown(place("s3://team/calibrant", { ...keys, AWS_REGION: "eu-central-1" })), [
    "the remote cache s3://team",
    "s3.eu-central-1.amazonaws.com:443",
    "https://s3.eu-central-1.amazonaws.com/team/calibrant/",
  ]);
  const own = { ...keys, AWS_ENDPOINT_URL: "http://127.0.0.1:9000" };
  assert.equal(place("s3://team", own).base.href, "http://127.0.0.1:9000/team/");
  assert.equal(place("s3://team/a+b/", own).base.href, "http://127.0.0.1:9000/team/a%2Bb/");
  const special = { ...own, AWS_ENDPOINT_URL_S3: "https://s3.example/base/" };
  assert.equal(place("s3://team", special).base.href, "https://s3.example/base/team/");
});

Deno.test("requests of S3 are signed with the digest of what they send", async () => {
  const { authorization, base } = place("s3://team/calibrant", keys);
  const digest = digestOf("hello");
  const headers = await authorization("PUT", new URL("cas/x", base), digest);
  assert.equal(headers.get("x-amz-content-sha256"), digest);
  assert.match(
    headers.get("authorization") ?? "",
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
  assert.doesNotMatch([...headers].join(), /very-secret/);
});

Deno.test("credentials come from the environment or from AWS's own file, by its profile", () => {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(
      file,
      "# mine\n[default]\naws_access_key_id = one\naws_secret_access_key = s1\n[ team ]\naws_access_key_id=two\n" +
        "aws_secret_access_key=s=2\naws_session_token = t2\n",
    );
    const environment = { AWS_SHARED_CREDENTIALS_FILE: file };
    assert.ok(place("s3://team", environment));
    assert.ok(place("s3://team", { ...environment, AWS_PROFILE: "team" }));
    assert.throws(() => place("s3://team", { ...environment, AWS_PROFILE: "other" }), /no credentials/);
  } finally {
    Deno.removeSync(file);
  }
  assert.throws(() => place("s3://team"), /found no credentials .* expected AWS_ACCESS_KEY_ID/);
});

Deno.test("what can't be a cache's address is refused, and never shown", () => {
  const wrong = [
    "geheim",
    "ftp://me:geheim@cache.example",
    "http://",
    "https://cache.example/?token=geheim",
    "https://cache.example/#geheim",
    "s3://me:geheim@team",
    "s3://",
    "s3:///geheim",
  ];
  for (const address of wrong) {
    assert.throws(
      () => place(address, keys),
      (error) => error instanceof InputError && !error.message.includes("geheim"),
      address,
    );
  }
  assert.throws(
    () => place("s3://team", { ...keys, AWS_ENDPOINT_URL: "http://me:geheim@s3.example" }),
    (error) => error instanceof InputError && !error.message.includes("geheim"),
  );
});
