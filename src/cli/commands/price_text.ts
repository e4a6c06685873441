/** Puts what a run will take into words. */

import type { Instance } from "../../pipeline/graph/instance.ts";
import { dependenciesOf } from "../../pipeline/graph/instance.ts";
import type { Price, Prices } from "../../pipeline/explain/price.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import { type Forecast, forecast } from "../../pipeline/run/forecast.ts";
import { bytes, count, listed, roughDuration } from "../terminal/text.ts";

const mostNamed = 6; // instances in a line

/**
 * Returns columns of equal width for instances, or empty texts where nothing is known of any. The last columns
 * are left out where they need more than `room`.
 */
export function priceColumns(
  prices: Prices,
  names: readonly string[],
  room: number,
): (name: string) => string {
  const rows = new Map(names.map((name) => [name, cellsOf(prices.get(name))]));
  const widths = Array.from(
    { length: 5 },
    (_, column) => Math.max(0, ...rows.values().map((cells) => cells[column]?.length ?? 0)),
  );
  return (name) => {
    const cells = rows.get(name) ?? [];
    const shown = widths.map((width, column) =>
      width > 0 ? `${(cells[column] ?? "").padStart(width)}  ` : ""
    );
    return shown.reduce((row, cell) => (row + cell).length <= room ? row + cell : row, "");
  };
}

function cellsOf(price: Price | undefined): readonly string[] {
  if (!price) return [];
  const { seconds, peakBytes, diskBytes, work, measured, sameAs } = price;
  if (sameAs !== undefined) return [];
  return [
    `${measured ? "" : "~"}${roughDuration(seconds)}`,
    peakBytes === undefined ? "" : bytes(peakBytes),
    diskBytes === undefined ? "" : `+${bytes(diskBytes)}`,
    work?.steps === undefined ? "" : `${work.steps} steps`,
    work?.tokens === undefined ? "" : `${thousands(work.tokens)} tokens`,
  ];
}

/** Formats a large number: `950`, `46 k`, `1.2 M`. */
function thousands(number: number): string {
  if (number < 1000) return String(number);
  return number < 1e6 ? `${Math.round(number / 1000)} k` : `${(number / 1e6).toFixed(1)} M`;
}

/** Foretells how long instances take together; those without a price count as done at once. */
export function forecastOf(
  { capacity }: Plan,
  prices: Prices,
  instances: readonly Instance[],
): Promise<Forecast> {
  const names = new Set<string>(instances.map(({ name }) => name));
  const tasks = instances.map((instance) => ({
    name: instance.name,
    resources: instance.resources,
    after: dependenciesOf(instance).filter((name) => names.has(name)),
    seconds: prices.get(instance.name)?.seconds ?? 0,
  }));
  return forecast(tasks, capacity);
}

/** What a run has before it. */
export interface Outlook {
  /** How many instances will run in any case. */
  readonly certain: number;
  /** How many will run only if those before them make something new. */
  readonly possible: number;
  readonly prices: Prices;
  /** How long all of them take together. */
  readonly seconds: number;
}

/** Says in a line how many instances there are to run, and about how long they take together. */
export function outlookText({ certain, possible, prices, seconds }: Outlook): string {
  const stages = `${count(certain, "stage")} to run${possible > 0 ? `, ${possible} that may follow` : ""}`;
  if (prices.size === 0) return `${stages}; how long that takes is known once it has run`;
  const about = prices.size < certain + possible ? "at least" : "about";
  return `${stages}, ${about} ${roughDuration(seconds)}, ${sourceOf(prices)}`;
}

/** Says what a forecast was made from. */
function sourceOf(prices: Prices): string {
  const usual = prices.values().filter(({ measured }) => !measured).toArray().length;
  if (usual === 0) return "as last time";
  return usual < prices.size ? "in part by a usual speed" : "by a usual speed";
}

/** Says in lines what instances take together; none where nothing is known of any. */
export async function totalLines(
  plan: Plan,
  prices: Prices,
  instances: readonly Instance[],
): Promise<readonly string[]> {
  if (prices.size === 0) return [];
  const { seconds, spans, criticalPath } = await forecastOf(plan, prices, instances);
  const sizes = { memory: mostAtOnce(prices, spans), disk: sum(prices.values(), (price) => price.diskBytes) };
  const unknown = instances.flatMap(({ name }) => prices.has(name) ? [] : [name]);
  const usual = [...prices].flatMap(([name, { measured }]) => measured ? [] : [name]);
  return [
    [
      `${unknown.length > 0 ? "at least" : "about"} ${roughDuration(seconds)}`,
      ...(sizes.memory > 0 ? [`${bytes(sizes.memory)} of memory`] : []),
      ...(sizes.disk > 0 ? [`${bytes(sizes.disk)} on disk`] : []),
      usual.length < prices.size ? "by what earlier runs took" : "by a usual speed",
    ].join(", "),
    `  critical path: ${pathText(criticalPath.filter((name) => prices.has(name)))}`,
    ...(usual.length > 0
      ? [`  ~ never run here at such length, a usual speed is taken: ${listed(usual, mostNamed)}`]
      : []),
    ...(unknown.length > 0 ? [`  never run, and not counted: ${listed(unknown, mostNamed)}`] : []),
    ...[...prices].flatMap(([name, price]) => memoryWarning(name, price) ?? []),
  ];
}

/** Names the instances of a path. Several of one stage that follow each other are counted. */
function pathText(path: readonly string[]): string {
  const turns: string[][] = [];
  for (const name of path) {
    const latest = turns.at(-1);
    if (latest?.[0] && stageOf(latest[0]) === stageOf(name)) latest.push(name);
    else turns.push([name]);
  }
  const text = (names: readonly string[]) =>
    names.length === 1 ? names : `${stageOf(names[0] ?? "")} (${names.length} in turn)`;
  return turns.map(text).join(" → ");
}

function stageOf(name: string): string {
  return name.split("@", 1).join();
}

/** Returns the most memory that is held at one time, if all goes as foretold. */
function mostAtOnce(prices: Prices, spans: Forecast["spans"]): number {
  const atStartOf = ({ start }: { readonly start: number }) =>
    sum([...prices], ([name, { peakBytes }]) => {
      const span = spans.get(name);
      return span && span.start <= start && start < span.end ? peakBytes : 0;
    });
  return Math.max(0, ...spans.values().map(atStartOf));
}

function sum<T>(values: Iterable<T>, sizeOf: (value: T) => number | undefined): number {
  return [...values].reduce((total, value) => total + (sizeOf(value) ?? 0), 0);
}

/** Warns of an instance that wants more memory than there is now, as far as that may be asked. */
export function memoryWarning(name: string, { peakBytes = 0 }: Price): string | undefined {
  const asked = { name: "sys", kind: "systemMemoryInfo" } as const;
  if (Deno.permissions.querySync(asked).state !== "granted") return undefined;
  const { available } = Deno.systemMemoryInfo();
  if (peakBytes <= available) return undefined;
  return `! ${name} may run out of memory: it takes ${bytes(peakBytes)}, and ${bytes(available)} are free`;
}
