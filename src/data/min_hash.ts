import { randomStream } from "../random.ts";
import { mixed, type WordSets } from "./word_sets.ts";

/**
 * How many keys each set gets, and how many hashes are in a key. Two sets of Jaccard similarity s share a key
 * with probability 1 − (1 − s⁵)²⁰: 99.96 % where s is 0.8, and less than 5 % where it is 0.3.
 */
const [bands, hashesPerBand] = [20, 5];

/**
 * Yields one key for each set, for each band in turn: sets that are similar share one of their keys, others
 * seldom (MinHash with locality-sensitive hashing: Broder 1997; Leskovec, Rajaraman and Ullman, chapter 3).
 * Keys depend on the words of a set and on nothing else.
 *
 * @param onBand called with the number of bands that are done and the number of all
 */
export function* bandKeys(
  { starts, words, hashes }: WordSets,
  indices: Uint32Array,
  onBand: (done: number, bands: number) => void,
): Generator<Uint32Array> {
  const random = randomStream(1, "near-duplicates/min-hash");
  const keys = new Uint32Array(indices.length);
  const values = new Uint32Array(hashesPerBand * hashes.length); // of each word's hashes in a band
  const least = new Uint32Array(hashesPerBand);
  for (let band = 0; band < bands; band++) {
    onBand(band, bands);
    const seeds = Uint32Array.from({ length: hashesPerBand }, () => random.integer(2 ** 32));
    hashes.forEach((hash, word) => {
      for (let one = 0; one < hashesPerBand; one++) {
        values[hashesPerBand * word + one] = mixed(hash ^ seeds[one]);
      }
    });
    for (let at = 0; at < indices.length; at++) {
      const set = indices[at];
      least.fill(0xffffffff);
      for (let word = starts[set]; word < starts[set + 1]; word++) {
        const first = hashesPerBand * words[word];
        for (let one = 0; one < hashesPerBand; one++) {
          if (values[first + one] < least[one]) least[one] = values[first + one];
        }
      }
      let key = band;
      for (let one = 0; one < hashesPerBand; one++) key = mixed(key ^ least[one]);
      keys[at] = key;
    }
    yield keys;
  }
  onBand(bands, bands);
}
