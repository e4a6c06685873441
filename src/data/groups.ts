/** Groups of items, which each go by the index of their first item. */
export class Groups {
  readonly #firsts: Int32Array;
  /** The next member of each item's group, or 0. [items] */
  readonly #next: Uint32Array;

  /** @param firsts the index of the first item of each item's group. [items] */
  constructor(firsts: Int32Array) {
    this.#firsts = firsts;
    this.#next = new Uint32Array(firsts.length);
    const lasts = Uint32Array.from(firsts);
    firsts.forEach((first, index) => {
      if (first === index) return;
      this.#next[lasts[first]] = index;
      lasts[first] = index;
    });
  }

  /** Tells whether an item is the first of its group. */
  isFirst(index: number): boolean {
    return this.#firsts[index] === index;
  }

  /** Tells whether the first item of a group is the only one. */
  isAlone(first: number): boolean {
    return this.#next[first] === 0;
  }

  /** Returns the items of a group, in ascending order. */
  membersOf(first: number): number[] {
    const members = [first];
    for (let index = this.#next[first]; index > 0; index = this.#next[index]) members.push(index);
    return members;
  }

  /** Returns the groups of two or more items. */
  *ofSeveral(): Generator<number[]> {
    for (let index = 0; index < this.#firsts.length; index++) {
      const first = this.#firsts[index];
      if (first !== index && this.#next[first] === index) yield this.membersOf(first);
    }
  }

  /** Counts the groups of two or more items, and the items in them. */
  count(): { readonly groups: number; readonly rows: number } {
    let [groups, rows] = [0, 0];
    for (const members of this.ofSeveral()) {
      groups++;
      rows += members.length;
    }
    return { groups, rows };
  }
}
