/**
 * The colours of charts, which people with any of the common kinds of colour blindness can tell apart (Okabe and
 * Ito 2008). A chart never tells two things apart by colour alone: lines differ in dashes too, dots in filling.
 */
const colours = {
  /** What is looked at: a variant, right answers, texts of the data; after calibration. */
  first: { light: "#0072b2", dark: "#56b4e9" },
  /** What it is looked at beside: wrong answers, noise; as trained. */
  second: { light: "#c04f00", dark: "#e69f00" },
  /** Further variants in the same drawing. */
  third: { light: "#9a2ee6", dark: "#a96bf0" },
  fourth: { light: "#1d2126", dark: "#b4f0a4" },
  /** What both are compared with: the reference, perfect calibration. */
  reference: { light: "#6b6b6b", dark: "#a8a8a8" },
  /** An area of values that chance explains. */
  band: { light: "#dcdcd4", dark: "#3c4247" },
  grid: { light: "#e6e3dc", dark: "#2c3237" },
  text: { light: "#4d545c", dark: "#aab2b9" },
  surface: { light: "#ffffff", dark: "#1b1f23" },
} as const;

type Colour = keyof typeof colours;

/** Names a colour in a drawing: the page, or a file of its own, says which one it is. */
export function colour(name: Colour): string {
  return `var(--chart-${name})`;
}

/** Declares the colours for a page, in CSS. */
export function colourDeclarations(scheme: "light" | "dark"): string {
  return Object.entries(colours).map(([name, of]) => `--chart-${name}: ${of[scheme]};`).join(" ");
}

/** Puts the light colours themselves into a drawing, for programs that know no CSS variables. */
export function withLiteralColours(drawing: string): string {
  return drawing.replaceAll(/var\(--chart-(\w+)\)/g, (_, name: Colour) => colours[name].light);
}
