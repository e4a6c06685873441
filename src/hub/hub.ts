import { InputError } from "../errors.ts";
import type { Patience } from "./retries.ts";

/** The hub, or a mirror of it, as one run reaches it. */
export interface Hub extends Patience {
  /** Its address, which ends in a slash. */
  readonly endpoint: URL;
  /** Goes to the endpoint and nowhere else, and into no message. */
  readonly token: string | undefined;
  /** After how long without a byte a connection counts as broken, in milliseconds. */
  readonly stalledMs: number;
}

/**
 * Returns the hub that the environment names: `HF_ENDPOINT`, by default https://huggingface.co, with the
 * token in `HF_TOKEN`. A stage has them only where its `env` in the pipeline file lists them.
 *
 * @throws {InputError} where the endpoint is no address, or the token can't be one
 */
export function hubOfEnvironment(log: Patience["log"]): Hub {
  return {
    endpoint: endpointAt(variable("HF_ENDPOINT") ?? "https://huggingface.co"),
    token: tokenOf(variable("HF_TOKEN")),
    stalledMs: 60_000,
    log,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

/** Returns what an environment variable holds; undefined where it is empty, or isn't given to this process. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name)?.trim() || undefined : undefined;
}

function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[!-~]+$/.test(text)) return text;
  throw new InputError({
    found: "something else in HF_TOKEN", // which isn't shown
    expected: "a token, which has no spaces and only ASCII characters",
  });
}

function endpointAt(address: string): URL {
  const url = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "") return url;
  throw new InputError({
    found: "something else in HF_ENDPOINT", // which isn't shown, since it may hold a password
    expected: "an address without a user, such as https://huggingface.co",
  });
}
