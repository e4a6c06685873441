/** Turns what pip says when it fails into what is missing and what to do. */

import type { Mistake } from "../../errors.ts";
import { lastLines } from "./process.ts";

const again = "then run `deno task setup` again: it goes on from here.";

/** The causes by the words that pip has for them. The first that fits counts: one may lead to another. */
const causes: readonly (Mistake & { readonly words: RegExp })[] = [
  {
    words: /DO NOT MATCH THE HASHES/,
    found: "a download with a wrong hash",
    expected: "the file that is pinned; nothing of this one was kept",
    fix: "Try again; if you use a package mirror, ask whoever runs it.",
  },
  {
    words: /No space left on device/i,
    found: "a full disk while downloading",
    expected: "room for it",
    fix: `Free some space, ${again}`,
  },
  {
    words: /occurred during configuration|configuration of pip could not be read|invalid .* value/,
    found: "settings of pip that it can't read",
    expected: "valid ones",
    fix: `Correct them in its configuration file or in the PIP_ variables, ${again}`,
  },
  {
    words: /CERTIFICATE_VERIFY_FAILED|SSLError|confirming the ssl certificate|TLS CA certificate bundle/i,
    found: "a certificate of the package index that isn't trusted, or none to check it with",
    expected: "a connection that can be checked",
    fix: "Tell pip of your certificates (PIP_CERT, or `python3 -m pip config set global.cert FILE`), " +
      again,
  },
  {
    words: /not a trusted or secure host/,
    found: "a package index at an http address, which pip passes over",
    expected: "one at an https address",
    fix: `Use https, or let pip trust the host (PIP_TRUSTED_HOST): the hashes are checked anyway; ${again}`,
  },
  {
    words: /\b40[137] (Client )?Error|HTTP error 40[137]/i,
    found: "a package index or proxy that refuses access",
    expected: "one that may be read",
    fix: `Tell pip of your user name and password, or of another index, ${again}`,
  },
  {
    words: /too many \d+ error responses|\b50\d Server Error/i,
    found: "a package index that answers with an error of its own",
    expected: "one that is in order",
    fix: `Wait, or tell pip of another index, ${again}`,
  },
  {
    words:
      /Retrying|Max retries|Connection (refused|reset|broken|aborted|error)|name resolution|timed out|ProxyError|unreachable/i,
    found: "no way to the package index",
    expected: "a network, for the first set-up only",
    fix:
      `Connect, or tell pip of your proxy or mirror (\`python3 -m pip config\`), ${again} Without a network, ` +
      "`deno task setup --from DIR` takes the packages from a folder.",
  },
  {
    words: /No matching distribution/i,
    found: "a package index without the package, or without its pinned version",
    expected: "PyPI, or a whole mirror of it",
    fix: `Tell pip of another index (\`python3 -m pip config\`, PIP_INDEX_URL), ${again}`,
  },
];

/**
 * Explains why pip failed.
 *
 * @param stderr what pip wrote there
 * @param log pip's log, which alone tells why it passed over a page of an index
 */
export function explainPip(stderr: string, log: string): Mistake {
  const skipped = new Set(Array.from(log.matchAll(/Could not fetch URL .* - skipping$/gm), ([line]) => line));
  const complaint = [...skipped, stderr].join("\n");
  const said = `pip said:\n  ${lastLines(complaint, 4)}`;
  const cause = causes.find(({ words }) => words.test(complaint));
  if (cause === undefined) return { found: "a pip that failed", expected: "a download", fix: said };
  const { found, expected, fix } = cause;
  return { found, expected, fix: `${fix} ${said}` };
}
