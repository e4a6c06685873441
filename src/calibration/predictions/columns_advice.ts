/** Names that the true class often has. */
const labelNames = [
  "label",
  "labels",
  "y_true",
  "y",
  "target",
  "true",
  "truth",
  "gold",
  "true_label",
  "class",
];

/** The length of names that fit into a message; longer ones are hardly names. */
const longestName = 24;

/** Names that a single score often has. */
const scoreNames = ["prob", "probs", "y_prob", "y_score", "y_pred", "proba", "probability", "score", "p"];

/**
 * Returns a sentence that says how `--columns` would name the columns of a header: as exactly as their names
 * let one guess, because a guess is not enough to measure by.
 */
export function adviceOnColumns(header: readonly string[]): string {
  const names = header.filter((name) => name.length <= longestName);
  const label = labelColumn(names);
  const rest = names.filter((name) => name !== label);
  const classes = numberedColumns(rest);
  const [score] = classes.length > 1 ? [] : rest.filter((name) => isScore(name, rest));
  const form = [...classes, score].some((name) => name?.toLowerCase().startsWith("logit"))
    ? "logits"
    : "probs";
  const columns = classes.length > 1 ? classes.join() : score ?? "COLUMN,COLUMN";
  const command = `--columns label=${label ?? "COLUMN"},${form}=${columns}`;
  if (score === undefined) return `Name the columns, those of the classes in their order: ${command}`;
  return `If ${score} is of class 1 of two, so that class 0 has the rest, say so: ${command}`;
}

/** Returns a sentence that names the column of the true class, where one has a usual name for it. */
export function adviceOnLabelColumn(names: readonly string[]): string | undefined {
  const label = labelColumn(names);
  return label === undefined ? undefined : `If ${label} is the true class, say so: --columns label=${label}`;
}

function labelColumn(names: readonly string[]): string | undefined {
  return names.find((name) => labelNames.includes(name.toLowerCase()));
}

function isScore(name: string, others: readonly string[]): boolean {
  return scoreNames.includes(name.toLowerCase()) || /^(prob|logit)_/i.test(name) || others.length === 1;
}

/** Returns the columns that share a name but for the number at its end, in the order of that number. */
function numberedColumns(names: readonly string[]): readonly string[] {
  const numbered = names.flatMap((name) => {
    const [, stem, number] = name.match(/^(.*?)(\d{1,4})$/) ?? [];
    return number === undefined ? [] : [{ name, stem, number: Number(number) }];
  });
  const [largest] = [...Map.groupBy(numbered, ({ stem }) => stem).values()].sort((a, b) =>
    b.length - a.length
  );
  return (largest ?? []).sort((a, b) => a.number - b.number).map(({ name }) => name).slice(0, 8);
}
