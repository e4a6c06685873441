/** Requests to S3 are signed as AWS's own software signs them. */

import assert from "node:assert/strict";
import { cachePlaceAt } from "../../../src/pipeline/remote/place.ts";
import { entryPath, filePath } from "../../../src/pipeline/remote/storage.ts";
import { type ActionKey, digestOf } from "../../../src/pipeline/store/digest.ts";
import { askPython, pythonWith } from "../../python.ts";

const python = await pythonWith(["botocore==1.43.117"]);

const environment: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "very-secret/+=",
  AWS_SESSION_TOKEN: "tok/en+=",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9000",
};

Deno.test("botocore signs the same requests with the same signatures", { ignore: !python }, async () => {
  const requests = [];
  for (const address of ["s3://team", "s3://team/calibrant", "s3://team/a b+c/ü%20~(x)"]) {
    const place = cachePlaceAt(address, (name) => environment[name]);
    const digest = digestOf("hello");
    for (const method of ["GET", "HEAD", "PUT"]) {
      for (const path of [entryPath(digest as string as ActionKey), filePath(digest)]) {
        const url = new URL(path, place.base);
        const headers = await place.authorization(method, url, method === "PUT" ? digest : undefined);
        requests.push({ method, url: url.href, headers: Object.fromEntries(headers) });
      }
    }
  }
  const lines = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const script = new URL("s3_signatures.py", import.meta.url);
  assert.deepEqual(
    requests.map(({ headers }) => headers["authorization"]?.match(/Signature=([0-9a-f]{64})$/)?.[1]),
    await askPython(python!, script, [], lines),
  );
});
