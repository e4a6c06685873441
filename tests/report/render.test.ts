import assert from "node:assert/strict";
import { composeReport } from "../../src/report/compose.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { sampleEnergy, sampleEvaluation, sampleResults } from "./sample.ts";

const evaluations = [sampleEvaluation("baseline"), sampleEvaluation("scalar", { energy: sampleEnergy })];
const report = composeReport(sampleResults(evaluations));
const hostile = "<script>alert(1)</script> & \"q\" 'a' | *b* `c` [d](e)";

Deno.test("Markdown: the figures before and after temperature, each ECE beside its floor", () => {
  const lines = renderMarkdown(report).split("\n");
  for (
    const line of [
      "| Variant | Accuracy | NLL | Brier | ECE | Floor of ECE | Debiased | Class-wise |",
      "| baseline | 81.5 % | 0.432 | 0.272 | 0.052 | 0.028 ± 0.007 | 0.041 | 0.056 |",
      "| baseline, T = 1.532 | 81.5 % | 0.401 | 0.272 | 0.023 | 0.028 ± 0.007 | 0.041 | 0.056 |",
      "| scalar | −2.31 ± 0.80 | 1.94 ± 1.10 | 91.3 % |",
      "| Perplexity of held-out texts | 87.3 |",
      "| Samples kept for training | 6,781 of 6,800 |",
      "| train | 12,345 | 6,000 | 6,345 |",
    ]
  ) assert.ok(lines.includes(line), line);
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
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell)
  );
  assert.ok(fromHtml.length > 10);
  assert.deepEqual(fromHtml, fromMarkdown);
});

Deno.test("HTML: one file without scripts and without anything from elsewhere", () => {
  const html = renderHtml(report);
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|@import|url\(|https?:|\ssrc=|\son\w+=/i);
  assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
  assert.match(html, /prefers-color-scheme: dark/);
});

Deno.test("HTML: two reliability diagrams for each variant, with all bins and their counts", () => {
  const diagrams = renderHtml(report).match(/<svg class="reliability"[^]*?<\/svg>/g) ?? [];
  assert.equal(diagrams.length, 2 * evaluations.length);
  for (const diagram of diagrams) {
    assert.equal(diagram.match(/<circle/g)?.length, 2);
    assert.match(diagram, /role="img" aria-label="Reliability diagram of (baseline|scalar)\. /);
    assert.match(diagram, />40<\/text>/);
    assert.match(
      diagram,
      /Confidence from 0\.95 to 1\.00: 1,460 examples, mean confidence 0\.980, accuracy 0\.910/,
    );
  }
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

Deno.test("names from data are shown and never obeyed", () => {
  const results = sampleResults([sampleEvaluation(hostile, { energy: sampleEnergy })]);
  const odd = composeReport({
    ...results,
    title: hostile,
    data: { ...results.data, classes: [hostile, "b"] },
  });
  const html = renderHtml(odd);
  const escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; | *b* `c` [d](e)";
  assert.ok(!html.includes("<script"));
  assert.ok(html.includes(`<h1>${escaped}</h1>`));
  assert.ok(html.includes(`<th scope="row">${escaped}</th>`));
  const markdown = renderMarkdown(odd);
  assert.ok(
    markdown.startsWith("# \\<script>alert(1)\\</script> \\& \"q\" 'a' \\| \\*b\\* \\`c\\` \\[d](e)\n"),
  );
  assert.ok(!/(?<!\\)<script/.test(markdown));
});

Deno.test("a temperature at the end of its range is marked, and the mark explained", () => {
  const bound = sampleEvaluation("baseline", { temperature: { value: 20, atBound: true } });
  const markdown = renderMarkdown(composeReport(sampleResults([bound])));
  assert.match(markdown, /\| baseline, T = 20\.000 \(bound\) \|/);
  assert.match(markdown, /“Bound” marks/);
  assert.doesNotMatch(renderMarkdown(report), /Bound/i);
});

Deno.test("no energies, no section on them", () => {
  const markdown = renderMarkdown(composeReport(sampleResults([sampleEvaluation("baseline")])));
  assert.doesNotMatch(markdown, /Energ/);
  assert.match(markdown, /^One variant, measured on the 1,500 examples of dev2/m);
});
