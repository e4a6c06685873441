/** A page that says how results were made: the stages as a drawing, and below it all that the records say. */

import type { Audit } from "../../pipeline/explain/audit.ts";
import { stageOf } from "../../pipeline/store/instance_name.ts";
import { secondsOf } from "../../pipeline/store/record.ts";
import { defaultFile } from "../../pipeline/store/pipeline_place.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { formatCount } from "../../report/format.ts";
import { renderPage } from "../../report/html_page.ts";
import { type Markup, markup } from "../../report/markup.ts";
import { provenanceId } from "../../report/origin.ts";
import { environmentFacts } from "../commands/environment_facts.ts";
import { drawGraph } from "../drawing/graph_svg.ts";
import type { GraphNode } from "../drawing/graph_text.ts";
import { commitsOf } from "../program/commits.ts";
import { count, duration, short } from "../terminal/text.ts";
import { type NamedInput, type NamedResult, namedResults } from "./named_results.ts";

/** Writes the page of an audit's results as HTML, which needs nothing else. */
export async function provenancePageOf(store: Store, audit: Audit): Promise<string> {
  const results = namedResults(store, audit);
  const commits = await commitsOf(store.project, results.map(({ record }) => record));
  const { file } = store.pipeline;
  const described = results.map((result) => ({
    stage: stageOf(result.instance),
    name: result.name,
    description: descriptionOf(result, commits.get(result.record), file),
  }));
  return renderPage({
    title: "How it was made",
    summary:
      `The newest results of ${file}, and all that they came from: what the store says of them. Where ` +
      "a key, a digest or a commit is the same, so is what it stands for.",
    sections: [
      { id: "stages", heading: "Stages", content: [drawing(results)] },
      ...[...Map.groupBy(described, ({ stage }) => stage)].map(([stage, members]) => ({
        id: provenanceId(stage),
        heading: stage,
        content: members.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, description }) =>
          markup`${
            name === stage ? [] : markup`<h3 id="${provenanceId(name)}">${name}</h3>
`
          }${description}`
        ),
      })),
      { id: "files", heading: "Files of yours", content: [rawFiles(audit)] },
      {
        id: "environment",
        heading: "Environment",
        content: [
          definitions(environmentFacts(audit.actions).map(([name, text]) => [name, markup`${text}`])),
        ],
      },
      { id: "again", heading: "Making it again", content: [howToRemake(file)] },
    ],
  });
}

function drawing(results: readonly NamedResult[]): Markup {
  const nodes = results.map((result): GraphNode => ({
    name: result.name,
    description: `${result.record.module}, ${madeText(result)}`,
    needs: [...new Set(result.inputs.flatMap(({ result }) => result ?? []))],
  }));
  const label = "The stages, each with lines from those that it needs";
  return markup`<div class="drawing" role="region" aria-label="${label}" tabindex="0">
${drawGraph(nodes, { label, addressOf: ({ name }) => `#${provenanceId(name)}` })}
</div>
<p>Each box leads to what is known of it. Lines lead from a result to those that were made of it.</p>
`;
}

/** Says all of one result, with the commands that show more of it and that make it again. */
function descriptionOf(result: NamedResult, commit: string | undefined, file: string): Markup {
  const { name, isNewest, record: { key, module, preImage, files, sources }, code } = result;
  const parts = code ? `, with ${count(code.modules, "module")} and ${count(code.packages, "package")}` : "";
  const command = (words: string) =>
    markup`<code>deno task pipeline ${words}${file === defaultFile ? "" : ` --file ${quoted(file)}`}</code>`;
  const noCommit = sources === undefined
    ? "not known, since the record has no list of files"
    : "none that git has here: the code that made it wasn't committed, or elsewhere";
  return definitions([
    ["Made", markup`${madeText(result)}`],
    ["Key", markup`<code>${key}</code>`],
    ["Commit", commit === undefined ? markup`${noCommit}` : markup`<code>${commit}</code>`],
    ["Code", markup`<code>${module}</code>${parts}`],
    ["Parameters", list(parametersOf(preImage.parameters), "columns")],
    ["Inputs", list(result.inputs.map(inputText))],
    [
      "Outputs",
      list(
        Object.entries(files).map(([path, { size, digest }]) =>
          markup`${path} <small>${formatCount(size)} bytes, SHA-256</small> <code>${digest}</code>`
        ),
      ),
    ],
    ...(isNewest
      ? [["Shown by", list([command(`audit ${name} --full`), command(`log ${name}`)])] as const]
      : []),
    ...(isNewest ? [["Made again by", command(`run ${name} --force`)] as const] : []),
  ]);
}

function madeText({ record }: NamedResult): string {
  return `${record.ended.slice(0, 19).replace("T", " ")} UTC, in ${duration(secondsOf(record))}`;
}

function parametersOf(parameters: unknown): readonly Markup[] {
  return Object.entries(Object(parameters)).map(([name, value]) =>
    markup`${name}: <code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`
  );
}

function inputText({ name, origin: { from, digest }, result }: NamedInput): Markup {
  const source = result === undefined
    ? markup`${from}`
    : markup`<a href="#${provenanceId(result)}">${from}</a>`;
  return markup`${name} from ${source} <small>SHA-256</small> <code>${short(digest)}</code>`;
}

/** Lists the digest of each file, and for a folder that of the list of its files. */
function rawFiles({ raw }: Audit): Markup {
  return definitions(
    Object.entries(raw).map((
      [path, digest],
    ) => [path, markup`<small>SHA-256</small> <code>${digest}</code>`]),
  );
}

function howToRemake(file: string): Markup {
  return markup`<p>The pipeline file is <code>${file}</code>. What <code>--set</code> or <code>--overlay</code> gave a run
has to be given again; the parameters above are those that were used. A commit is named where each module that the record
lists has the same text there. The digest of a folder is that of the list of its files. Results that are named with a key are older ones that others were made of.</p>
`;
}

function definitions(items: readonly (readonly [term: string, meaning: Markup])[]): Markup {
  return markup`<dl class="record">
${
    items.map(([term, meaning]) =>
      markup`<div><dt>${term}</dt><dd>${meaning}</dd></div>
`
    )
  }</dl>
`;
}

function list(items: readonly Markup[], layout: "rows" | "columns" = "rows"): Markup {
  if (items.length === 0) return markup`none`;
  return markup`<ul class="${layout}">${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

/** Quotes a path for a shell where it has to be. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
