import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { composeReport } from "../../src/report/compose.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { standingName } from "../../src/report/tables.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation, sampleResults } from "./sample.ts";

const evaluations = [sampleEvaluation("baseline"), sampleEvaluation("scalar", { energy: sampleEnergy })];
const report = composeReport(sampleResults(evaluations));
const hostile = "<script>alert(1)</script> & \"q\" 'a' | *b* `c` [d](e)";

Deno.test("Markdown: the figures before and after temperature, each ECE beside its floor", () => {
  const lines = renderMarkdown(report).split("\n");
  for (
    const line of [
      "| Variant | Accuracy | NLL | Brier | ECE | Floor of ECE | Debiased | Class-wise |",
      "| baseline | 81.5 % | 0.432 | 0.272 | 0.052 | 0.028 ± 0.007 | 0.041 | 0.056 |",
      "| baseline | 81.5 % (80.5 to 82.5) | 0.432 (0.422 to 0.442) | 0.272 (0.262 to 0.282) | 0.052 (0.042 to 0.063) " +
      "| 0.040 (0.030 to 0.050) | – | 0.061 (0.051 to 0.071) |",
      "| scalar | 0.0 (−1.0 to 1.0) no evidence of a difference | −0.020 (−0.030 to −0.010) ▼ lower " +
      "| 0.030 (0.020 to 0.040) ▲ higher |",
      "| scalar | 90.1 % | 1.234 | 89.9 % | 1.346 |",
      "| baseline, T = 1.532 | 81.5 % | 0.401 | 0.272 | 0.023 | 0.028 ± 0.007 | 0.041 | 0.056 |",
      "| scalar | −2.31 ± 0.80 | 1.94 ± 1.10 | 91.3 % |",
      "| baseline | 300 | 300 | the last step |",
      "| Perplexity of held-out texts | 87.3 |",
      "| Told apart by counts of tokens | 77.4 % |",
      "| Told apart by the energy: scalar | 91.3 % |",
      "| Samples kept for training | 6,781 of 6,800 |",
      "| train | 12,345 | 6,000 | 6,345 |",
    ]
  ) assert.ok(lines.includes(line), line);
});

Deno.test("a training that stopped early shows its steps of those planned and the step that it kept, seed by seed", () => {
  const stopped = (seed: number, step: number, lastStep: number) =>
    sampleEvaluation("hidden", {
      seed,
      kept: { step, lastStep, steps: 2042, why: "the lowest nll of 8 evaluations" },
    });
  const ofSeeds = composeReport(sampleResults([stopped(1, 1000, 1600), stopped(2, 1200, 2042)]));
  const line = "| hidden | 1,600 of 2,042, 2,042 | 1,000, 1,200 | the lowest nll of 8 evaluations |";
  assert.ok(renderMarkdown(ofSeeds).split("\n").includes(line));
});

Deno.test("both forms say that one seed proves nothing, and where the numbers come from", () => {
  for (const text of [renderMarkdown(report), renderHtml(report)]) {
    assert.match(text, /a single seed proves nothing/);
    assert.match(text, /docs\/method\.md/);
    assert.match(text, /deno task pipeline audit report/);
  }
});

Deno.test("both forms hold the same tables", () => {
  const fromMarkdown = [...renderMarkdown(report).matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row)
    .filter((row) => !row.startsWith("---")).map((row) => row.split(" | "));
  // Tables of the diagrams' bins are the HTML's own.
  const html = renderHtml(report).replaceAll(/<details>[^]*?<\/details>/g, "");
  const fromHtml = [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell.replaceAll(/<\/?small>/g, ""))
  );
  assert.ok(fromHtml.length > 10);
  assert.deepEqual(fromHtml, fromMarkdown);
});

Deno.test("HTML: every column has a heading in words, which each of its cells names too", () => {
  const html = renderHtml(report);
  assert.doesNotMatch(html, /<th[^>]*>\s*<\/th>/);
  const [, table] = html.match(/<table>\n<caption>Differences[^]*?(<thead>[^]*?)<\/table>/) ?? [];
  const headings = [...table.matchAll(/<th scope="col">(.*?)<\/th>/g)].map(([, heading]) => heading);
  assert.deepEqual(headings, ["Variant", "Accuracy, percentage points", "NLL", "ECE"]);
  for (const [, row] of table.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)) {
    const named = [...row.matchAll(/<td data-heading="(.*?)">/g)].map(([, heading]) => heading);
    assert.deepEqual(named, headings.slice(1));
  }
});

Deno.test("below each table of figures stand its stage, the digest of its file and the commands that show and remake it", () => {
  const origin = "comparison.json, SHA-256 c0dec0dec0de. Shown by deno task pipeline audit compare --full, " +
    "remade by deno task pipeline run compare --force, each with the --file and --set of the run.";
  for (const text of [renderMarkdown(report), renderHtml(report)]) {
    const plain = text.replaceAll(/<\/?(?:code|a)\b[^>]*>|`|\\/g, "");
    assert.equal(plain.split(origin).length - 1, 4);
    assert.match(plain, /From evaluate: metrics\.json of each instance\./);
  }
});

Deno.test("HTML: the contents lead to every section", () => {
  const html = renderHtml(report);
  const links = [...html.matchAll(/<a href="#(.*?)">(.*?)<\/a>/g)].map(([, id, heading]) => [id, heading]);
  const sections = [...html.matchAll(/<h2 id="(.*?)">(.*?)<\/h2>/g)].map(([, id, heading]) => [id, heading]);
  assert.ok(sections.length > 5);
  assert.deepEqual(links, sections);
});

Deno.test("HTML: one file without anything from elsewhere, whose policy allows its own script alone", () => {
  const html = renderHtml(report);
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => script);
  assert.equal(scripts.length, 1);
  assert.doesNotMatch(
    html.replace(scripts[0], ""),
    /<script\s|<link|<img|<iframe|@import|url\(|https?:|\ssrc=|\son\w+=/i,
  );
  const digest = createHash("sha256").update(scripts[0]).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`;
  assert.ok(html.includes(`Content-Security-Policy" content="${policy}"`));
  assert.doesNotMatch(scripts[0], /<|innerHTML|eval|Function\(/);
  assert.match(html, /prefers-color-scheme: dark/);
});

Deno.test("HTML: two reliability diagrams for each variant, with all bins and their counts", () => {
  const diagrams = renderHtml(report).match(/<svg role="img" aria-label="Reliability diagram[^]*?<\/svg>/g) ??
    [];
  assert.equal(diagrams.length, 2 * evaluations.length);
  for (const diagram of diagrams) {
    assert.equal(diagram.match(/<circle/g)?.length, 2);
    assert.match(diagram, /aria-label="Reliability diagram of (baseline|scalar), /);
    assert.match(diagram, />40<\/text>/);
    assert.match(
      diagram,
      /Confidence from 0\.95 to 1\.00: 1,460 examples, mean confidence 0\.980, accuracy 0\.910/,
    );
  }
});

Deno.test("each chart says in words what it shows, and Markdown names its file", () => {
  const [html, markdown] = [renderHtml(report), renderMarkdown(report)];
  assert.match(html, /aria-label="ECE of each variant: baseline: 0\.052 \(0\.042 to 0\.063\); /);
  assert.match(
    html,
    /aria-label="Error among the texts that scalar answers\. answering 80 %: 6\.3 % wrong; /,
  );
  for (const name of ["intervals", "reliability", "risk-coverage", "confidence", "energies"]) {
    assert.ok(html.includes(`<a href="plots/${name}.svg">`), name);
    assert.ok(markdown.includes(`(\`plots/${name}.svg\``), name);
  }
  assert.equal(html.match(/<svg /g)?.length, html.match(/<svg role="img" aria-label="[^"]{10,}"/g)?.length);
});

Deno.test("HTML: every element that is opened is closed in its place", () => {
  const open: string[] = [];
  const body = renderHtml(report).replace("<!DOCTYPE html>", "");
  for (const [, end, name, empty] of body.matchAll(/<(\/?)(\w+)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (end) assert.equal(open.pop(), name);
    else if (!empty && name !== "meta") open.push(name);
  }
  assert.deepEqual(open, []);
});

Deno.test("a link leads from each table to what a run's end says of its stage", () => {
  const html = renderHtml(report);
  for (const stage of ["compare", "evaluate", "prepare-data", "sample-noise"]) {
    assert.ok(html.includes(`From <a href="../provenance.html#made-${stage}">${stage}</a>: `), stage);
  }
  assert.match(html, /<a href="\.\.\/provenance\.html">/);
  assert.doesNotMatch(renderMarkdown(report), /\]\(/); // Markdown is put into other files, where links would lead astray
});

Deno.test("parts of the texts: the gap beside what chance explains, and nothing where a class is given to none", () => {
  const lines = renderMarkdown(report).split("\n");
  for (
    const line of [
      "| negative: baseline | 740 | 81.2 % | 750 | 80.0 % | 87.5 % | 7.5 ± 2.4 |",
      "| positive: scalar | 760 | 70.0 % | 0 | – | – | – |",
      "| 3 to 1,200: scalar | 750 | 80.0 % | 87.5 % | 7.5 ± 2.4 |",
      "| not a bad film | positive | 61.0 % | negative | 99.9 % | baseline 99.9 % scalar 89.9 % |",
    ]
  ) assert.ok(lines.includes(line), line);
});

Deno.test("names from data are shown and never obeyed", () => {
  const results = sampleResults([sampleEvaluation(hostile, { energy: sampleEnergy })]);
  const odd = composeReport({
    ...results,
    title: hostile,
    data: { ...results.data, classes: [hostile, "b"] },
  });
  const html = renderHtml(odd);
  const escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; | *b* `c` [d](e)";
  assert.equal(html.split("<script").length - 1, 1); // the page's own
  assert.ok(html.includes(`<h1>${escaped}</h1>`));
  assert.ok(html.includes(`<th scope="row">${escaped}</th>`));
  const markdown = renderMarkdown(odd);
  assert.ok(
    markdown.startsWith("# \\<script>alert(1)\\</script> \\& \"q\" 'a' \\| \\*b\\* \\`c\\` \\[d](e)\n"),
  );
  assert.ok(!/(?<!\\)<script/.test(markdown));
  const linking = renderMarkdown({ ...odd, title: `at https://x.org, www.x.org, a@x.org for $1$` });
  assert.ok(linking.startsWith("# at https\\://x.org, www\\.x.org, a\\@x.org for \\$1\\$\n"));
});

Deno.test("of several seeds the calibrator is named and not a single fit, and nothing warns of one seed", () => {
  const runs = [1, 2].flatMap((seed) => evaluations.map((evaluation) => ({ ...evaluation, seed })));
  const one = sampleComparison(runs);
  const standings = one.standings.map((standing) => ({
    ...standing,
    runs: 2,
    fits: standing.calibrator === "none" ? [] : ["T = 1.4", "T = 1.6"],
  }));
  const comparison = { ...one, seeds: [1, 2], standings };
  const markdown = renderMarkdown(composeReport({ ...sampleResults(runs), comparison }));
  assert.match(markdown, /^2 variants, each trained with 2 seeds and measured on the 1,500 examples/m);
  assert.match(markdown, /^\| baseline, temperature \| 81\.5 % \|/m);
  assert.doesNotMatch(markdown, /a single seed proves nothing/);
  assert.match(markdown, /paired over examples and over seeds/);
  assert.match(markdown, /Resamples of 2 seeds show 1\/2 of the variance between trainings/);
});

Deno.test("rows of different calibrators have different names, whatever their fits say", () => {
  const one = sampleComparison(evaluations);
  const [trained] = one.standings;
  const names = (["matrix", "dirichlet", "temperature-grid", "temperature", "none"] as const).map((
    calibrator,
  ) => standingName({ ...trained, calibrator, fits: calibrator === "none" ? [] : ["12 parameters"] }));
  assert.equal(new Set(names).size, names.length, names.join("; "));
});

Deno.test("what the data left open of a fit is told below the table", () => {
  const one = sampleComparison(evaluations);
  const standings = one.standings.map((standing) => ({ ...standing, notes: ["the data <b> don't tell"] }));
  const results = { ...sampleResults(evaluations), comparison: { ...one, standings } };
  assert.match(
    renderMarkdown(composeReport(results)),
    /^- \*\*scalar, T = 1\.532\*\*: the data \\<b> don't tell\.$/m,
  );
});

Deno.test("what a pipeline says of its trainings stands below the heading", () => {
  const results = { ...sampleResults(evaluations), note: "It is too short to <judge> by." };
  assert.match(
    renderMarkdown(composeReport(results)),
    /^# .*\n\n.* before and after calibration on dev1\. It is too short to \\<judge> by\.$/m,
  );
});

Deno.test("no energies, no section on them", () => {
  const markdown = renderMarkdown(composeReport(sampleResults([sampleEvaluation("baseline")])));
  assert.doesNotMatch(markdown, /Energ/);
  assert.match(markdown, /^One variant, measured on the 1,500 examples of dev2/m);
});

Deno.test("MCC comes first where the data set is reported by it, and its test set has a section of its own", () => {
  const { standings, ...comparison } = sampleComparison(evaluations);
  const mcc = { value: 0.5432, low: 0.5, high: 0.6 };
  const withMcc = standings.map((standing) => ({
    ...standing,
    figures: { mcc, ...standing.figures },
    ...(standing.difference &&
      { difference: { mcc: { ...mcc, verdict: "higher" as const }, ...standing.difference } }),
  }));
  const changed = {
    ...comparison,
    metric: "mcc" as const,
    fittedOn: "train" as const,
    standings: withMcc,
    test: { examples: 77, standings: withMcc },
  };
  const text = renderMarkdown(composeReport({ ...sampleResults(evaluations), comparison: changed }));
  const lines = text.split("\n");
  assert.ok(
    lines.includes("| baseline | 0.543 | 81.5 % | 0.432 | 0.272 | 0.052 | 0.028 ± 0.007 | 0.041 | 0.056 |"),
  );
  assert.ok(lines.some((line) => line.startsWith("| scalar | 0.543 (0.500 to 0.600) ▲ higher | 0.0 (")));
  assert.match(text, /before and after calibration on train\./);
  assert.match(text, /Their temperatures are fitted on dev1\./);
  assert.match(text, /^## Test set$[^]*the 77 examples of test/m);
});

Deno.test("both forms begin with the verdict, then warn of a single seed", () => {
  const claim = "Compared with the baseline, as trained, calibration is worse with the energies.";
  const markdown = renderMarkdown(report);
  assert.match(markdown, /^## Result\n\n\*\*Compared with the baseline, as trained, calibration is worse/m);
  const html = renderHtml(report);
  const places = [claim, "a single seed proves nothing", "<table>"].map((text) => html.indexOf(text));
  assert.ok(!places.includes(-1));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
});

Deno.test("noise of no model that was trained is said to be fill-noise's, without terms of a noise model", () => {
  const text = renderMarkdown(composeReport({ ...sampleResults(evaluations), noiseModel: undefined }));
  assert.match(text, /^From fill-noise: `metrics\.json` of each instance/m);
  assert.doesNotMatch(text, /sample-noise|train-noise-model|\*\*(Noise model|Perplexity)\*\*/);
});

Deno.test("a noise model that reads no masked text has no share of masked tokens", () => {
  const results = sampleResults(evaluations);
  const ofObjective = (objective: string) =>
    renderMarkdown(composeReport({ ...results, noiseModel: { ...results.noiseModel!, objective } }));
  assert.match(ofObjective("labelled-masked-prefix"), /^\| Masked tokens \|/m);
  assert.doesNotMatch(ofObjective("language-model"), /Masked tokens/);
});
