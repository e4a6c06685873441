/**
 * An instance's inputs have parts: an input that takes all instances of a stage (`stage@*`) has one for each
 * of their variants, any other has a single part, which belongs to no variant. Records and requests hold the
 * parts as a mapping by variant, in which a single part has the empty name. Only this file knows that.
 */

/** An input's parts by variant. */
export type Parts<Part> = Readonly<Record<string, Part>>;

/** Input name → its parts. */
export type PartsByInput<Part> = Readonly<Record<string, Parts<Part>>>;

const noVariant = "";

/** Makes the parts of an input that has a single one. */
export function singlePart<Part>(part: Part): Parts<Part> {
  return { [noVariant]: part };
}

/** Returns the single part of an input, or undefined where it has one for each variant. */
export function singlePartOf<Part>(parts: Parts<Part>): Part | undefined {
  return partOf(parts, noVariant);
}

/** Returns the part of an input that belongs to a variant, or undefined where there is none. */
export function partOf<Part>(parts: Parts<Part> | undefined, variant: string): Part | undefined {
  return parts && Object.hasOwn(parts, variant) ? parts[variant] : undefined;
}

/** Replaces each part by what `make` makes of it. */
export function mapParts<Part, Made>(
  parts: Parts<Part>,
  make: (part: Part, variant: string) => Made,
): Parts<Made> {
  return Object.fromEntries(Object.entries(parts).map(([variant, part]) => [variant, make(part, variant)]));
}

export interface NamedPart<Part> {
  /** The part's name in messages: `model` for a single part, `evaluations/scalar` for a variant's. */
  readonly name: string;
  readonly input: string;
  readonly variant: string;
  readonly part: Part;
}

/** Lists all parts of all inputs. */
export function namedParts<Part>(inputs: PartsByInput<Part>): readonly NamedPart<Part>[] {
  return Object.entries(inputs).flatMap(([input, parts]) =>
    Object.entries(parts).map(([variant, part]) => {
      const name = variant === noVariant ? input : `${input}/${variant}`;
      return { name, input, variant, part };
    })
  );
}
