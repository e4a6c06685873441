/** A list that stays sorted, from whose front items are taken. */
export interface SortedList<Item> {
  /** Puts an item in its place, behind those that are equal to it. */
  add(item: Item): void;
  /** Returns the first item; undefined where there is none. */
  first(): Item | undefined;
  /** Takes the first item out. */
  take(): Item | undefined;
  /** Returns how many items come before this one, or are equal to it. */
  countUntil(item: Item): number;
}

export function sortedList<Item>(compare: (a: Item, b: Item) => number): SortedList<Item> {
  let items: Item[] = [];
  let start = 0; // what is before it was taken
  const placeOf = (item: Item): number => {
    let [low, high] = [start, items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[middle] as Item, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add: (item) => void items.splice(placeOf(item), 0, item),
    first: () => items[start],
    take() {
      const item = items[start];
      if (item !== undefined) start++;
      if (start === items.length) [items, start] = [[], 0];
      return item;
    },
    countUntil: (item) => placeOf(item) - start,
  };
}
