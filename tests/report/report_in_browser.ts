/**
 * Looks at a report in a browser, and prints as JSON what there is to see. It is a program, because playwright asks
 * for more permissions than tests have: report_in_browser.ts BROWSER FILE.
 */

import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const [executablePath, file] = Deno.args;
const browser = await chromium.launch({ executablePath });
const problems: string[] = [];
const result = {
  desktop: await look({ width: 1280, height: 800 }, measure),
  phone: await look({ width: 360, height: 740 }, measure),
  paper: await look({ width: 680, height: 900 }, async (page) => {
    await page.emulateMedia({ media: "print" });
    return await measure(page);
  }),
  backgrounds: {
    light: await look({ colorScheme: "light" }, background),
    dark: await look({ colorScheme: "dark" }, background),
  },
  withoutScript: await look({ javaScriptEnabled: false }, offered),
  keyboard: await look({ width: 1280, height: 800 }, followContents),
  sorted: await look({}, sort),
  filtered: await look({}, filter),
  onPhone: await look({ width: 360, height: 740 }, sort),
  violations: {
    light: await look({ bypassCSP: true, colorScheme: "light" }, violations),
    dark: await look({ bypassCSP: true, colorScheme: "dark" }, violations),
  },
};
await browser.close();
console.log(JSON.stringify({ ...result, problems }));

type Options = NonNullable<Parameters<Browser["newPage"]>[0]> & {
  readonly width?: number;
  readonly height?: number;
};

/** Opens the report in a window of its own, and collects what the browser complains of. */
async function look<Seen>(
  { width = 1280, height = 800, ...options }: Options,
  see: (page: Page) => Promise<Seen>,
): Promise<Seen> {
  const page = await browser.newPage({ ...options, viewport: { width, height } });
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => problems.push(`dialog: ${dialog.message()}`));
  await page.goto(`file://${file}`);
  const seen = await see(page);
  await page.close();
  return seen;
}

/** Measures how wide the page is, which tables are cut off, and how many rows' names lie outside the window. */
async function measure(page: Page) {
  const tables = page.locator("main > section > .table");
  return {
    width: await page.evaluate("document.documentElement.scrollWidth"),
    cutOff: await tables.evaluateAll((found) =>
      found.filter((table) => table.scrollWidth > table.clientWidth).map((table) => table.ariaLabel)
    ),
    namesOutside: await page.locator("main > section > .table tbody th").evaluateAll(
      (names, windowWidth) =>
        names.filter((name) => {
          const { left, right, width } = name.getBoundingClientRect();
          return left < 0 || right > windowWidth || width === 0;
        }).length,
      page.viewportSize()?.width ?? 0,
    ),
  };
}

async function background(page: Page): Promise<string> {
  return await page.evaluate("getComputedStyle(document.body).backgroundColor");
}

/** Presses Tab and Enter, and says which link had the focus and which section came into view. */
async function followContents(page: Page) {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const link = await page.locator("a:focus-visible").innerText();
  await page.keyboard.press("Enter");
  return { link, section: await page.locator("h2:target").innerText() };
}

/** Counts what the page offers beside text: buttons and fields. */
async function offered(page: Page) {
  return await page.locator("button, input").count();
}

/** The list of texts. Pages without one have neither orders nor filters to look at. */
function textsOf(page: Page): Locator {
  return page.locator(".texts");
}

/** Sorts the texts by their confidence three times, by keyboard: the direction and the confidences after each. */
async function sort(page: Page) {
  const table = textsOf(page);
  if (await table.count() === 0) return undefined;
  const heading = table.locator("thead th", { hasText: "Confidence" });
  await heading.locator("button").focus();
  const seen: (readonly (string | null)[])[] = [];
  for (let time = 0; time < 3; time++) {
    await page.keyboard.press("Enter");
    const cells = await table.locator("td[data-heading='Confidence']").allTextContents();
    seen.push([await heading.getAttribute("aria-sort"), ...cells]);
  }
  return {
    seen,
    isInSight: await heading.isVisible(),
    width: await page.evaluate("document.documentElement.scrollWidth"),
  };
}

/** Types into the field above the texts: the texts that are left, and what is said of their number. */
async function filter(page: Page) {
  if (await textsOf(page).count() === 0) return undefined;
  await page.getByRole("searchbox", { name: "Only rows with" }).fill("</Script><S");
  return {
    texts: await textsOf(page).locator("tbody th:visible").allTextContents(),
    status: await page.getByRole("status").textContent(),
  };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}
