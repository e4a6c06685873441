/** `deno task serve`, with the permissions that the task has, and its page in a browser. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../../src/cli/predict/model.ts";
import { measuredOnDev2 } from "../../src/cli/serve/measured.ts";
import { loadClassifier } from "../../src/inference/classifier.ts";
import { lineBatches } from "../../src/lines.ts";
import { scratch } from "../scratch.ts";
import { exchange, predictHead } from "../server/client.ts";
import { writeTinyModel } from "../inference/tiny_model.ts";
import { runTask, task } from "./task.ts";

interface Server {
  readonly url: string;
  readonly port: number;
  /** Sends a signal, and returns how the process ended. */
  end(signal: Deno.Signal): Promise<{ readonly code: number; readonly errors: string }>;
}

/** Starts the server at a free port, and waits until it says where. */
async function serve(args: readonly string[]): Promise<Server> {
  const { program, args: all, cwd, env } = task("serve", ["--port", "0", ...args]);
  const process = new Deno.Command(program, {
    args: [...all],
    ...{ cwd, env, clearEnv: true, stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  const errors = new Response(process.stderr).text();
  for await (const [line] of lineBatches("standard output", process.stdout)) {
    const [, port] = line.match(/ is served at http:\/\/[\d.]+:(\d+)\/$/) ?? [];
    assert.ok(port, line);
    return {
      url: `http://127.0.0.1:${port}`,
      port: Number(port),
      async end(signal) {
        process.kill(signal);
        return { code: (await process.status).code, errors: await errors };
      },
    };
  }
  throw new Error(await errors);
}

const post = (url: string, body: unknown) =>
  fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

Deno.test("a model is served over HTTP", async (t) => {
  const root = await Deno.makeTempDir();
  const { model: written, evaluation } = await writeTinyModel(root);
  const model = join(root, "<b>tiny"); // which the page has to show as it is
  renameSync(written, model);
  copyFileSync(join(evaluation, "calibrator.json"), join(model, "calibrator.json"));
  const server = await serve(["--model", model]);
  const { url } = server;
  const rows = [
    { id: "a", text: "good film" },
    { text: "good film", pair: "bad plot" },
    { id: 7, input_ids: [2, 5, 13, 3] }, // [CLS] good film [SEP]
    { text: "dull ".repeat(2000) },
  ];

  await t.step("answers are the lines that predict writes", async () => {
    const input = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const { output, errors } = await runTask("predict", ["--model", model, "--input-format", "jsonl"], input);
    const lines = output.trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.length, rows.length, errors);
    const answers = await (await post(url, rows)).json();
    assert.deepEqual(answers.map(rounded), lines.map(rounded));
    assert.deepEqual(rounded(await (await post(url, rows[0])).json()), rounded(lines[0]));
  });

  await t.step("the model says what it is and what its answers are worth", async () => {
    const info = await (await fetch(`${url}/model`)).json();
    assert.deepEqual([info.model, info.classes, info.maxTokens], [model, ["negative", "positive"], 16]);
    assert.match(info.digest, /^[0-9a-f]{64}$/);
    assert.match(info.calibrator.summary, /^T = /);
    assert.deepEqual(info.calibrator.fittedOn, { name: "dev1", examples: 10 });
    assert.match(info.promises[0], /^calibrated: T = .*, fitted on 10 texts of dev1$/);
    assert.equal(info.dev2, undefined); // no result of a pipeline
  });

  await t.step("what it says of dev2 is what evaluate measured", async () => {
    const classifier = await loadClassifier(model, {
      calibrators: () => [join(model, "calibrator.json")],
      ...{ threads: 1, scratch },
    });
    const [instance, key] = ["evaluate@hidden", "0".repeat(64)] as [Result["instance"], Result["key"]];
    const model2 = {
      *results() {
        yield { instance, key, folder: evaluation };
      },
    };
    const { uncalibrated, calibrated } = JSON.parse(readFileSync(join(evaluation, "metrics.json"), "utf8"));
    for (const [calibrator, expected] of [[classifier.calibrator, calibrated], [undefined, uncalibrated]]) {
      const measured = await measuredOnDev2(model2, classifier, calibrator);
      assert.deepEqual(measured, { instance, key, texts: 10, metrics: expected });
    }
    const other = { ...classifier, digest: "f".repeat(64) };
    assert.equal(await measuredOnDev2(model2, other, classifier.calibrator), undefined);
    classifier.close();
  });

  await t.step("a port in use, and a model that isn't there, are told in one message", async () => {
    for (
      const [args, message] of [
        [
          ["--model", model, "--port", String(server.port)],
          /^error: found port \d+ of 127\.0\.0\.1 in use, /,
        ],
        [
          ["--model", join(root, "nowhere")],
          /^error: found no folder ".*nowhere", and no model of that name/,
        ],
        ...["a,b", "this-machine", "localhost:8000", "fe80::1%eth0"].map((host) =>
          [
            ["--model", model, "--host", host],
            new RegExp(`^error: option '--host <host>' argument '${host}' is invalid. Expected an address`),
          ] as const
        ),
        [
          ["--model", model, "--uncalibrated", "--sets", "0.9"],
          /^error: found uncalibrated answers with abstention or sets/,
        ],
      ] as const
    ) {
      const { code, output, errors } = await runTask("serve", args);
      assert.deepEqual([code, output], [2, ""], errors);
      assert.match(errors, message);
    }
  });

  await t.step({
    name: `in a browser, a person's text gets its answer${
      browser ? "" : " (skipped: no Chromium is installed)"
    }`,
    ignore: browser === undefined,
    async fn() {
      const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "-A", "tests/cli/page_in_browser.ts", browser!, url],
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const seen = JSON.parse(new TextDecoder().decode(stdout));
      const { label, probs, energy } = await (await post(url, { text: "good film" })).json();
      const confidence = (100 * probs[label]).toFixed(1);
      assert.deepEqual([seen.title, seen.heading], [`${model} – Calibrant`, model]);
      assert.equal(seen.label, `${label}, with ${confidence} % confidence`);
      assert.deepEqual(
        seen.classes,
        Object.keys(probs).sort((a, b) => probs[b] - probs[a]).map((
          name,
        ) => [name, `${(100 * probs[name]).toFixed(2)} %`]),
      );
      assert.match(seen.remarks[0], /^How often so sure an answer is right isn't known/);
      assert.ok(seen.remarks[1].startsWith(`Energy ${energy.toFixed(3)}: `), seen.remarks[1]);
      assert.match(seen.remarks[1], / of the 10 texts of dev1; not unlike the training texts\.$/);
      assert.equal(seen.refused, "text: found 50001 characters, expected at most 50000");
      assert.deepEqual(seen.problems, [
        "Failed to load resource: the server responded with a status of 413 (Payload Too Large)",
      ]);
    },
  });

  await t.step("SIGTERM lets it answer what it was asked, and end with 0", async () => {
    const body = '"good film"';
    using asking = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const head = predictHead(body.length).replace(
      "\r\n",
      "\r\nExpect: 100-continue\r\nConnection: close\r\n",
    );
    await asking.write(new TextEncoder().encode(head));
    const reply = asking.readable.getReader();
    assert.match(decoded((await reply.read()).value), /^HTTP\/1\.1 100 Continue/); // it has the request's head
    const ended = server.end("SIGTERM");
    while (await isReached(server.port));
    await asking.write(new TextEncoder().encode(body));
    assert.match(decoded((await reply.read()).value), /^HTTP\/1\.1 200 OK[^]*"label":/);
    const { code, errors } = await ended;
    assert.equal(code, 0, errors);
    assert.match(errors, /\nstopping: no more connections; what has been asked is answered\n$/);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    await t.step(
      `with --host it answers to any name, and ${signal} to its first process ends it`,
      async () => {
        const everywhere = await serve(["--model", model, "--host", "0.0.0.0", "--uncalibrated"]);
        const answer = await exchange(
          everywhere.port,
          "GET /model HTTP/1.1\r\nHost: model.example\r\nConnection: close\r\n\r\n",
        );
        assert.match(answer, /^HTTP\/1\.1 200 [^]*"promises":\["uncalibrated, as asked"/);
        assert.equal((await everywhere.end(signal)).code, 0);
        assert.equal(await isReached(everywhere.port), false, "no other process goes on");
      },
    );
  }
  await Deno.remove(root, { recursive: true });
});

/** Rounds an answer's numbers, whose last digits depend on the batch that a text was in. */
function rounded(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer),
    (_, value) => typeof value === "number" ? Number(value.toFixed(5)) : value,
  );
}

async function isReached(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

function decoded(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
