/**
 * Emitted code is what a module does, apart from how it is written: its syntax tree without comments,
 * formatting and types.
 */

import { stripTypeScriptTypes } from "node:module";
import { type ImportExpression, type Literal, type Node, parse } from "acorn";

export interface Emitted {
  /**
   * The syntax tree as text, which is equal for two sources that differ in comments, formatting or types
   * only.
   */
  readonly text: string;
  /** The source of each `import(…)` whose module is known only when it runs. */
  readonly computedImports: readonly string[];
}

/**
 * Reads a module's JavaScript or TypeScript. Syntax that the parser doesn't know, though Deno runs it (JSX,
 * decorators, what comes after this year's ECMAScript) or is too deep for its stack, makes the whole text
 * count as it is written.
 */
export function emittedCode(source: string, isTypeScript: boolean): Emitted {
  try {
    const code = isTypeScript ? stripTypeScriptTypes(source, { mode: "transform" }) : source;
    return emittedTree(code);
  } catch {
    const computedImports = [...source.matchAll(importCall)].flatMap(([call, fixed]) => fixed ? [] : [call]);
    return { text: `as written ${source}`, computedImports };
  }
}

/**
 * Finds each call of `import` in a text, with the fixed name that it may have. What only looks like one, in a
 * comment or a text, is found as well.
 */
const importCall = /\bimport(?:\s*\.\s*\w+)?\s*\((?:\s*("[^"\n]*"|'[^'\n]*'|`[^`$]*`)\s*[,)]|[^\n)]*\)?)/g;

function emittedTree(code: string): Emitted {
  const computedImports: string[] = [];
  const text = JSON.stringify(syntaxTree(code), (key, value) => {
    if (key === "start" || key === "end") return undefined;
    if (isNode(value, "Literal")) return literalText(value as Literal);
    if (isNode(value, "ImportExpression") && !isFixed((value as ImportExpression).source)) {
      computedImports.push(code.slice(value.start, value.end));
    }
    return value;
  });
  return { text, computedImports };
}

function syntaxTree(code: string): Node {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
}

function isNode(value: unknown, type: string): value is Node {
  return typeof value === "object" && value !== null && "type" in value && value.type === type;
}

/**
 * Writes a literal by value, so that quotes and digit separators don't matter, and with its type, so that 1
 * isn't "1".
 */
function literalText({ value, raw, regex, bigint }: Literal): string {
  if (regex) return `regex ${raw}`;
  return `${typeof value} ${bigint ?? value}`;
}

function isFixed(source: Node): boolean {
  if (isNode(source, "TemplateLiteral")) {
    return (source as Node & { expressions: unknown[] }).expressions.length === 0;
  }
  return isNode(source, "Literal");
}
