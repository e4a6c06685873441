/**
 * Lets clients ask a server side by side, each as soon as it has its last answer, and prints as JSON how long each
 * request took.
 *
 *   load.ts URL TEXTS CLIENTS SECONDS      (TEXTS is a JSON list, from which clients ask in turn)
 */
import type { Load } from "./load_figures.ts";

const [url, file, clients, seconds] = Deno.args;
const texts: string[] = JSON.parse(await Deno.readTextFile(file));
const started = performance.now();
const milliseconds: number[] = [];
let next = 0;

async function ask(): Promise<void> {
  while (performance.now() - started < 1000 * Number(seconds)) {
    const asked = performance.now();
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: texts[next++ % texts.length] }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${answer}`);
    milliseconds.push(performance.now() - asked);
  }
}

await Promise.all(Array.from({ length: Number(clients) }, ask));
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, milliseconds } satisfies Load));
