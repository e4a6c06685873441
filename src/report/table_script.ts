/**
 * The script of a report's page: buttons in the headings of tables sort their rows, and a field above a list of
 * texts shows those that hold what is typed. The page is whole without it. It holds no "<", so that it ends
 * where its element does.
 */
export const tableScript = String.raw`"use strict";
const collator = new Intl.Collator("en", { numeric: true });

/** The number that a cell begins with; NaN where it begins with none. */
function numberIn(cell) {
  const text = cell.textContent.replaceAll("−", "-").replaceAll(",", "");
  const [number = "none"] = text.match(/^-?(\d+(\.\d+)?|∞)/) ?? [];
  return Number(number.replace("∞", "Infinity"));
}

/** Compares two numbers so that NaN comes last, whichever way the others go. */
function compareNumbers(one, other, direction) {
  if (isNaN(one) || isNaN(other)) return Number(isNaN(one)) - Number(isNaN(other));
  return one === other ? 0 : direction * (one > other ? 1 : -1);
}

function makeSortable(region) {
  const table = region.querySelector("table");
  const first = table.tBodies[0];
  const places = Array.from(table.querySelectorAll("tbody tr"), (row) => ({ row, body: row.parentNode }));
  const headings = Array.from(table.tHead.rows[0].cells);
  const orders = ["none", "ascending", "descending"];

  function sortBy(heading) {
    const column = headings.indexOf(heading);
    const order = orders[(orders.indexOf(heading.getAttribute("aria-sort") ?? "none") + 1) % orders.length];
    for (const other of headings) other.removeAttribute("aria-sort");
    if (order === "none") return places.forEach(({ row, body }) => body.append(row));
    heading.setAttribute("aria-sort", order);
    const direction = order === "ascending" ? 1 : -1;
    const cells = places.map(({ row }) => row.cells[column]);
    const isText = column === 0 || cells.every((cell) => isNaN(numberIn(cell)));
    cells.sort((one, other) =>
      isText
        ? direction * collator.compare(one.textContent, other.textContent)
        : compareNumbers(numberIn(one), numberIn(other), direction)
    );
    first.append(...cells.map((cell) => cell.parentNode));
  }

  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(heading));
    heading.append(button);
  }
  region.classList.add("sortable");
}

function makeFilterable(region) {
  const rows = Array.from(region.querySelectorAll("tbody tr"));
  const [label, field, shown, filter] = ["label", "input", "span", "div"].map((name) => document.createElement(name));
  filter.className = "filter";
  field.type = "search";
  shown.setAttribute("role", "status");
  label.append("Only rows with ", field);
  filter.append(label, " ", shown);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    shown.textContent = wanted && rows.filter((row) => !row.hidden).length + " of " + rows.length;
  });
  region.before(filter);
}

for (const region of document.querySelectorAll("main > section > .table")) {
  if (region.querySelectorAll("tbody tr").length > 2) makeSortable(region);
  if (region.classList.contains("texts")) makeFilterable(region);
}
`;
