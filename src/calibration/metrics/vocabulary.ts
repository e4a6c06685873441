import type { FigureDefinition } from "./definition.ts";
import { figures } from "./figures.ts";
import { floorDefinition } from "./floor.ts";
import { voteFigures } from "./vote_figures.ts";

/**
 * The definition of everything that is measured of a file of predictions, by its name in JSON and in the
 * order in which figures are shown: the floor stands beside the ECE.
 */
export const vocabulary: Readonly<Record<string, FigureDefinition>> = Object.fromEntries(
  Object.entries<FigureDefinition>({ ...figures, ...voteFigures }).flatMap(([name, definition]) =>
    name === "ece" ? [[name, definition], ["ece_floor", floorDefinition]] : [[name, definition]]
  ),
);
