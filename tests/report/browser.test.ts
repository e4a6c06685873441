/** The report in a real browser: at the width of a desk and of a phone, on paper, in the dark, by keyboard. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { composeReport } from "../../src/report/compose.ts";
import { renderHtml } from "../../src/report/html.ts";
import { withFiles } from "../data/files.ts";
import { sampleEnergy, sampleEvaluation, sampleResults } from "./sample.ts";

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!browser) console.log("The report's test in a browser is skipped: it finds no Chromium in /usr/bin.");

const hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const variants = ["scalar", "hidden", "negated-sharp-hidden", hostile];

Deno.test({
  name: "in a browser nothing is cut off, names stay in sight, and axe finds nothing",
  ignore: !browser,
  fn: () =>
    withFiles({}, async (folder) => {
      const energetic = variants.map((variant) => sampleEvaluation(variant, { energy: sampleEnergy }));
      const sample = sampleResults([sampleEvaluation("baseline"), ...energetic]);
      const [first, second, third] = sample.mistakes;
      const results = { ...sample, mistakes: [first, { ...second, text: `</script>${hostile}` }, third] };
      const file = join(folder, "report.html");
      await writeFile(file, renderHtml(composeReport(results)));
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "-A", "tests/report/report_in_browser.ts", browser!, file],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const seen = JSON.parse(new TextDecoder().decode(stdout));
      for (const [place, width] of [["desktop", 1280], ["phone", 360], ["paper", 680]] as const) {
        assert.deepEqual(seen[place], { width, cutOff: [], namesOutside: 0 }, place);
      }
      assert.notEqual(seen.backgrounds.light, seen.backgrounds.dark);
      assert.deepEqual(seen.keyboard, {
        link: "Accuracy and calibration",
        section: "Accuracy and calibration",
      });
      assert.equal(seen.withoutScript, 0);
      const seenSorted = [
        ["ascending", "82.3 %", "91.2 %", "99.9 %"],
        ["descending", "99.9 %", "91.2 %", "82.3 %"],
        [null, "99.9 %", "91.2 %", "82.3 %"],
      ];
      assert.deepEqual(seen.sorted, { seen: seenSorted, isInSight: true, width: 1280 });
      assert.deepEqual(seen.onPhone, { seen: seenSorted, isInSight: true, width: 360 });
      assert.deepEqual(seen.filtered, { texts: [`</script>${hostile}`], status: "1 of 3" });
      assert.deepEqual(seen.violations, { light: [], dark: [] });
      assert.deepEqual(seen.problems, []);
    }),
});
