/** A list that stays sorted, from whose front items are taken. */
export interface SortedList<Item> {
  /** Puts an item in its place, behind those that are equal to it. */
  add(item: Item): void;
  /** Takes the first item; undefined where there is none. */
  take(): Item | undefined;
}

export function sortedList<Item>(compare: (a: Item, b: Item) => number): SortedList<Item> {
  let items: Item[] = [];
  let first = 0; // what is before it was taken
  return {
    add(item) {
      items.splice(placeIn(items, item, compare, first), 0, item);
    },
    take() {
      const item = items[first++];
      if (first < items.length) return item;
      items = [];
      first = 0;
      return item;
    },
  };
}

/** Returns where in sorted items another belongs, behind those that are equal to it. */
export function placeIn<Item>(
  items: readonly Item[],
  item: Item,
  compare: (a: Item, b: Item) => number,
  first = 0,
): number {
  let [low, high] = [first, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(items[middle] as Item, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
