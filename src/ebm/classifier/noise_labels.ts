import { InputError } from "../../errors.ts";

/**
 * Gives each noise text the class of the text that it was made of, which its id names: `row-1#0` was made of
 * `row-1`. A noise text that has a class already keeps it.
 *
 * @throws {InputError} where an id names none of the texts
 */
export async function* withSourceLabels<
  Noise extends { readonly id: string; readonly label?: number | undefined },
>(
  noise: Iterable<Noise> | AsyncIterable<Noise>,
  texts: readonly { readonly id: string; readonly label: number }[],
): AsyncGenerator<Noise & { readonly label: number }> {
  const labels = new Map(texts.map(({ id, label }) => [id, label]));
  for await (const one of noise) {
    const label = one.label ?? labels.get(one.id.slice(0, one.id.lastIndexOf("#")));
    if (label === undefined) throw withoutClass(one.id);
    yield { ...one, label };
  }
}

function withoutClass(id: string): InputError {
  return new InputError({
    found: `the noise text "${id}", whose class isn't known`,
    expected: "one whose id is that of a row of train, # and a number",
    fix: "Give finetune the noise that sample-noise made from the same data.",
  });
}
