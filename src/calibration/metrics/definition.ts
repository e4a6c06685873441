/** What a reader must know of a figure to understand it. */
export interface FigureDefinition {
  /** The heading of its column in a table. */
  readonly title: string;
  /** What is measured, with its unit where it has one, as a phrase that ends with a full stop. */
  readonly meaning: string;
  /** Which of two values is the better one; nothing where the figure only describes the data. */
  readonly better?: "higher" | "lower";
}
