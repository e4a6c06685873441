/** Finds numbered items by hashes of their keys, of which it holds neither (a hash table with open addressing). */
export class HashTable {
  /** The number of the item in each slot, from 1, or 0 where the slot is free; and the hash of its key. */
  #items = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  #size = 0;

  /** Returns the items that were added with a hash. */
  *find(hash: number): Generator<number> {
    const last = this.#items.length - 1;
    for (let slot = hash & last; this.#items[slot] > 0; slot = (slot + 1) & last) {
      if (this.#hashes[slot] === hash) yield this.#items[slot] - 1;
    }
  }

  add(hash: number, item: number): void {
    if (++this.#size > 0.75 * this.#items.length) this.#grow();
    const last = this.#items.length - 1;
    let slot = hash & last;
    while (this.#items[slot] > 0) slot = (slot + 1) & last;
    this.#items[slot] = item + 1;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    const [items, hashes] = [this.#items, this.#hashes];
    this.#items = new Uint32Array(2 * items.length);
    this.#hashes = new Uint32Array(2 * items.length);
    this.#size = 1; // the item that is being added
    items.forEach((item, slot) => {
      if (item > 0) this.add(hashes[slot], item - 1);
    });
  }
}
