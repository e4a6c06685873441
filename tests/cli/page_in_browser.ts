/**
 * Types texts into the page of a server, in a browser, and prints as JSON what a person sees. It is a program,
 * because playwright asks for more permissions than tests have: page_in_browser.ts BROWSER URL.
 */

import { chromium } from "playwright-core";

const [executablePath, url] = Deno.args;
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage();
const problems: string[] = [];
page.on("console", (message) => problems.push(message.text()));
page.on("pageerror", (error) => problems.push(String(error)));
await page.goto(url);
await page.getByLabel("Text", { exact: true }).fill("good film");
await page.getByRole("button", { name: "Classify" }).click();
await page.getByRole("heading", { level: 2 }).waitFor();
const answer = {
  title: await page.title(),
  heading: await page.getByRole("heading", { level: 1 }).innerText(),
  label: await page.getByRole("heading", { level: 2 }).innerText(),
  classes: await page.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("th")?.textContent, row.lastElementChild?.textContent])
  ),
  remarks: await page.getByRole("listitem").allInnerTexts(),
};
await page.getByLabel("Text", { exact: true }).fill("a".repeat(50_001));
await page.getByRole("button", { name: "Classify" }).click();
const refused = await page.getByRole("alert").innerText();
await browser.close();
console.log(JSON.stringify({ ...answer, refused, problems }));
