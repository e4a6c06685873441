/**
 * Places a graph's boxes in columns, each box to the right of those that it needs. The method is Sugiyama's:
 * edges that pass a column get a place in it (one for all edges from the same box), the places of a column
 * are ordered by the mean position of their neighbours (their barycentre), and then moved towards it.
 */

import type { GraphNode } from "./graph_text.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly node: GraphNode;
  readonly width: number;
  readonly height: number;
}

/** The places of boxes and lines, in pixels from the top left. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Each box's `x` and `y` are its top left corner. */
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** A piece of an edge, which leads from one column to the next. */
export interface Line {
  /** Where it leaves a column. */
  readonly from: Point;
  /** Where it enters the next column. */
  readonly to: Point;
  /** Where it leaves the next column; undefined if it ends there, at a box. */
  readonly through?: Point;
}

/** The place of a box in its column, or of an edge that passes the column. */
interface Place {
  readonly column: number;
  /** The box's node; undefined for an edge. */
  readonly node: GraphNode | undefined;
  readonly before: Place[];
  readonly after: Place[];
  /** While places are being ordered, the position in the column; after that the middle, in pixels. */
  y: number;
  /** The left edge and the width of its column, in pixels, once they are known. */
  left: number;
  width: number;
}

const characterWidth = 7.3; // of the SVG's font, 12 px monospace
const boxHeight = 28;
const boxPadding = 12; // beside the text
const boxGap = 14; // between two boxes in a column
const edgeGap = 8; // between an edge and a box or another edge in a column
const columnGap = 56;
const margin = 12;
const sweeps = 8;

/**
 * Places the boxes and lines of a graph.
 *
 * @param nodes ordered so that each comes after those that it needs
 */
export function layOut(nodes: readonly GraphNode[]): Layout {
  const places = placesOf(nodes);
  const columns = columnsOf(places);
  orderPlaces(columns);
  movePlaces(columns);
  spaceColumns(columns);
  const top = Math.min(0, ...places.map(({ y }) => y)) - boxHeight / 2 - margin;
  const boxes = places.flatMap(({ node, left, width, y }) =>
    node ? [{ node, x: left, y: y - top - boxHeight / 2, width, height: boxHeight }] : []
  );
  const leftSide = ({ left, y }: Place): Point => ({ x: left, y: y - top });
  const rightSide = ({ left, width, y }: Place): Point => ({ x: left + width, y: y - top });
  const lines = places.flatMap((place) =>
    place.after.map((next): Line => {
      const [from, to] = [rightSide(place), leftSide(next)] as const;
      return next.node ? { from, to } : { from, to, through: rightSide(next) };
    })
  );
  return {
    width: Math.max(0, ...boxes.map(({ x, width }) => x + width)) + margin,
    height: Math.max(0, ...places.map(({ y }) => y)) - top + boxHeight / 2 + margin,
    boxes,
    lines,
  };
}

/** Makes a place for each node, and one for its outgoing edges in each column that they pass. */
function placesOf(nodes: readonly GraphNode[]): readonly Place[] {
  const places: Place[] = [];
  const add = (column: number, node?: GraphNode) => {
    const place: Place = { column, node, before: [], after: [], y: 0, left: 0, width: 0 };
    places.push(place);
    return place;
  };
  const connect = (from: Place, to: Place) => {
    from.after.push(to);
    to.before.push(from);
    return to;
  };
  const passing = new Map<Place, Place>();
  /**
   * Returns the place of the edges from `place` in a column to its right, or `place` itself in its own
   * column.
   */
  const reach = (place: Place, column: number): Place => {
    if (place.column === column) return place;
    const next = passing.get(place) ?? connect(place, add(place.column + 1));
    passing.set(place, next);
    return reach(next, column);
  };
  const boxes = new Map<string, Place>();
  for (const node of nodes) {
    const sources = node.needs.flatMap((name) => boxes.get(name) ?? []);
    const column = Math.max(-1, ...sources.map(({ column }) => column)) + 1;
    const target = add(column, node);
    boxes.set(node.name, target);
    for (const source of sources) connect(reach(source, column - 1), target);
  }
  return places;
}

function columnsOf(places: readonly Place[]): readonly Place[][] {
  const columns: Place[][] = [];
  for (const place of places) (columns[place.column] ??= []).push(place);
  return columns;
}

/**
 * Orders each column by the mean position of its places' neighbours, alternately those on the left and on the
 * right.
 */
function orderPlaces(columns: readonly Place[][]): void {
  const number = (places: Place[]) => places.forEach((place, index) => place.y = index);
  columns.forEach(number);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (const places of forward ? columns : columns.toReversed()) {
      const wanted = new Map(
        places.map((place) => [place, meanY(forward ? place.before : place.after, place.y)]),
      );
      places.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      number(places);
    }
  }
}

/** Moves places towards the middle of their neighbours; their order stays, and so do gaps between them. */
function movePlaces(columns: readonly Place[][]): void {
  for (let sweep = 0; sweep <= sweeps; sweep++) {
    for (const places of sweep % 2 === 0 ? columns : columns.toReversed()) {
      let above: Place | undefined;
      let movedDown = 0;
      for (const place of places) {
        const wanted = sweep === 0 ? 0 : meanY([...place.before, ...place.after], place.y);
        place.y = above ? Math.max(wanted, above.y + distance(above, place)) : wanted;
        movedDown = movedDown + place.y - wanted;
        above = place;
      }
      // Places that had to make room only moved down, so all move up by the mean of that.
      const shift = movedDown / places.length;
      places.forEach((place) => place.y -= shift);
    }
  }
}

/** Puts the columns side by side, each as wide as its widest box. */
function spaceColumns(columns: readonly Place[][]): void {
  let left = margin;
  for (const places of columns) {
    const width = Math.max(
      ...places.map(({ node }) => (node?.name.length ?? 0) * characterWidth + 2 * boxPadding),
    );
    for (const place of places) {
      place.left = left;
      place.width = width;
    }
    left = left + width + columnGap;
  }
}

function distance(above: Place, below: Place): number {
  const half = (place: Place) => place.node ? boxHeight / 2 : 0;
  return half(above) + half(below) + (above.node && below.node ? boxGap : edgeGap);
}

function meanY(places: readonly Place[], otherwise: number): number {
  return places.length === 0 ? otherwise : places.reduce((sum, { y }) => sum + y, 0) / places.length;
}
