import type { AuditedAction } from "../../pipeline/explain/audit.ts";
import { count, short } from "../terminal/text.ts";

const digestPattern = /^[0-9a-f]{64}$/;

/**
 * Lists each fact of the environments in which results were made once, by its name; where they differ in it,
 * with how many have which.
 */
export function environmentFacts(
  actions: readonly AuditedAction[],
): readonly (readonly [name: string, text: string])[] {
  const facts = actions.flatMap(({ record: { preImage } }) => [
    ...Object.entries(preImage.environment),
    ["threads", String(preImage.threads)] as const,
  ]);
  return [...Map.groupBy(facts, ([name]) => name)].map(([name, entries]) => {
    const values = [...Map.groupBy(entries, ([, value]) => value)];
    const texts = values.map(([value, { length }]) => {
      const text = digestPattern.test(value) ? short(value) : value;
      return values.length === 1 ? text : `${text} (${count(length, "stage")})`;
    });
    return [name, texts.join(", ")] as const;
  });
}
