import { InputError, type Mistake } from "../errors.ts";
import type { Hub } from "./hub.ts";
import { pageOf, type Repository, titleOf } from "./repository.ts";
import { PassingFailure } from "./retries.ts";

const mostRedirects = 10;

/** What is asked for. */
export interface Question {
  readonly repository: Repository;
  /** What messages call it. */
  readonly what: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the hub, and follows it to wherever it keeps its files. The token stays with the hub: what lies
 * elsewhere has an address that is itself the permission to read it, which is why no message shows one.
 *
 * @returns an answer that is no error, with its body still to be read
 * @throws {PassingFailure} where asking again may help
 * @throws {InputError} where it won't
 */
export async function ask(hub: Hub, question: Question): Promise<Response> {
  let { url } = question;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetchOnce(hub, question, url);
    if (response.ok) return response;
    const [location, code] = ["location", "x-error-code"].map((name) => response.headers.get(name));
    const waitMs = waitOf(response);
    await response.body?.cancel();
    const isRedirect = response.status >= 300 && response.status < 400;
    const next = isRedirect && location !== null ? URL.parse(location, url) : null;
    if (!next) throw failureOf(hub, question, { url, status: response.status, code, waitMs });
    url = next;
  }
  throw new InputError({
    found: `more than ${mostRedirects} redirections on the way to ${question.what}`,
    expected: "fewer",
  });
}

async function fetchOnce(hub: Hub, { what, headers, signal }: Question, url: URL): Promise<Response> {
  const isHub = url.origin === hub.endpoint.origin;
  try {
    return await fetch(url, {
      redirect: "manual",
      headers: {
        "accept-encoding": "identity", // a part of a compressed file couldn't be gone on from
        "user-agent": "calibrant",
        ...(isHub && hub.token !== undefined ? { authorization: `Bearer ${hub.token}` } : {}),
        ...headers,
      },
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throw brokenConnection(error, url, `no way to ${url.host} for ${what}`);
  }
}

/**
 * Makes a failure that may pass of what went wrong on a connection. The address isn't told, since it may be a
 * secret.
 */
export function brokenConnection(
  error: unknown,
  url: URL,
  message: string,
  hasProgressed: boolean = false,
): unknown {
  if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) return error;
  const { message: said } = error.cause instanceof Error ? error.cause : error;
  const reason = error instanceof DOMException
    ? "nothing came for too long"
    : said.replace(/^error sending request for url \(.*?\): /, "").replaceAll(url.href, url.host);
  return new PassingFailure(`${message} (${reason})`, undefined, hasProgressed);
}

/** Returns how long an answer asks to wait, in milliseconds. */
function waitOf({ headers }: Response): number | undefined {
  const written = headers.get("retry-after");
  const seconds = Number(written ?? NaN);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(written ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** An answer that is an error. */
interface Refusal {
  readonly url: URL;
  readonly status: number;
  /** The hub's own name for what is wrong. */
  readonly code: string | null;
  readonly waitMs: number | undefined;
}

const passingStatuses = [408, 429, 500, 502, 503, 504];

function failureOf(hub: Hub, { repository, what }: Question, refusal: Refusal): Error {
  const { url, status, waitMs } = refusal;
  if (passingStatuses.includes(status)) {
    return new PassingFailure(`${url.host} answers ${status} when asked for ${what}`, waitMs);
  }
  return new InputError(mistakeOf(hub, repository, what, refusal));
}

/** Says what a person can do about an answer that stays the same. */
function mistakeOf(hub: Hub, repository: Repository, what: string, { url, status, code }: Refusal): Mistake {
  const [title, page] = [titleOf(repository), new URL(pageOf(repository), hub.endpoint).href];
  if (url.origin !== hub.endpoint.origin) {
    return {
      found: `the answer ${status} from ${url.host}, where the hub keeps ${what}`,
      expected: "the file",
    };
  }
  if (code === "GatedRepo" || status === 403) {
    return {
      found: `no permission to read ${title} (the hub answers ${status})`,
      expected: "the token, in HF_TOKEN, of an account that has it",
      fix: `Accept its terms at ${page}. ${tokenAdvice}`,
    };
  }
  if (code === "RevisionNotFound") {
    return {
      found: `no revision ${repository.revision} of ${title}`,
      expected: "the full hash of one of its commits",
      fix: `They are listed at ${page}/commits/main.`,
    };
  }
  if (code === "EntryNotFound") return { found: `no ${what}`, expected: "one that is in the repository" };
  if (status === 401 || status === 404) {
    return {
      found: `nothing to read under the name of ${title} (the hub answers ${status})`,
      expected: hub.token === undefined
        ? "a repository that everybody may read"
        : "a repository that the token in HF_TOKEN may read, and a token that is valid",
      fix: `Look whether ${page} is there. ${tokenAdvice}`,
    };
  }
  return { found: `the answer ${status} from ${url.host} when asked for ${what}`, expected: "no error" };
}

const tokenAdvice =
  "A private one needs a token: set HF_TOKEN, and let the stage have it by `env: [HF_TOKEN]` in the pipeline file.";
