/** Items in groups that can only grow together (union-find). Items are numbers from 0. */
export class DisjointSets {
  /** Each item's parent in the tree of its group; the root is the least item of the group. */
  readonly #parents: Int32Array;

  /** Puts each of `count` items in a group of its own. */
  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, item) => item);
  }

  /** Returns the least item of the group that an item is in. */
  root(item: number): number {
    const parents = this.#parents;
    // The path is halved on the way, which keeps later ones short.
    while (parents[item] !== item) item = parents[item] = parents[parents[item]];
    return item;
  }

  /** Tells whether two items are in one group. */
  together(a: number, b: number): boolean {
    return this.root(a) === this.root(b);
  }

  /** Makes one group of the groups of two items. */
  unite(a: number, b: number): void {
    const [first, second] = [this.root(a), this.root(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** Returns the least item of each item's group. */
  roots(): Int32Array {
    return this.#parents.map((_, item) => this.root(item));
  }
}
