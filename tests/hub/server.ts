/**
 * A small server that speaks the hub's protocol: repositories at commits, lists of their files in pages,
 * files that it hands out itself, and large ones for which it sends to another server, as the hub does to its
 * CDN. Python's huggingface_hub downloads from it, too.
 */

import { createHash } from "node:crypto";

/** A file in a repository; a large one is kept elsewhere. */
export interface StoredFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly isLarge: boolean;
}

/** What a request was, as far as tests look at it. */
export interface Seen {
  readonly server: "hub" | "cdn";
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

/** Answers a request in another way than it should be; undefined leaves it as it is. */
export type Fault = (request: Request) => Response | Promise<Response> | undefined;

export interface HubServer extends AsyncDisposable {
  readonly address: string;
  readonly seen: readonly Seen[];
  /** Answers the next requests whose path ends so by these faults, in turn. */
  breakNext(pathEnd: string, ...faults: readonly Fault[]): void;
}

export const commit = "0123456789abcdef0123456789abcdef01234567";

const encoder = new TextEncoder();
export const text = (content: string): StoredFile => ({ content: encoder.encode(content), isLarge: false });
export const large = (content: Uint8Array<ArrayBuffer>): StoredFile => ({ content, isLarge: true });

const hex = (algorithm: string, ...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest("hex");
export const sha256Of = (content: Uint8Array) => hex("sha256", content);
const gitBlob = (content: Uint8Array) => hex("sha1", `blob ${content.length}\0`, content);

/** Repositories by kind and name, as in `models/tiny/bert`, with their files. */
export type Repositories = Readonly<Record<string, Readonly<Record<string, StoredFile>>>>;

/** Starts the hub and its CDN, both at 127.0.0.1. */
export function hubServer(repositories: Repositories, pageSize = 1000): HubServer {
  const seen: Seen[] = [];
  const faults: { readonly pathEnd: string; readonly fault: Fault }[] = [];
  const start = (server: Seen["server"], answer: (request: Request, url: URL) => Response) =>
    Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response(null) },
      (request) => {
        const url = new URL(request.url);
        const [range, authorization] = ["range", "authorization"].map((name) => request.headers.get(name));
        seen.push({ server, path: url.pathname, range, authorization });
        const index = faults.findIndex(({ pathEnd }) => url.pathname.endsWith(pathEnd));
        const [found] = index < 0 ? [] : faults.splice(index, 1);
        return found?.fault(request) ?? answer(request, url);
      },
    );
  const contents = new Map(
    Object.values(repositories).flatMap((files) => Object.values(files))
      .map(({ content }) => [sha256Of(content), content] as const),
  );
  const cdn = start("cdn", (request, url) => {
    // As at the real one, the address is the permission, and no other is taken beside it.
    if (request.headers.has("authorization")) return new Response("one permission too many", { status: 400 });
    if (url.searchParams.get("signature") !== "secret") return new Response(null, { status: 403 });
    return bytes(request, contents.get(url.pathname.slice(1)) ?? new Uint8Array());
  });
  const hub = start("hub", (request, url) => answerAsHub(request, url, { repositories, pageSize, cdn }));
  return {
    address: `http://127.0.0.1:${hub.addr.port}`,
    seen,
    breakNext: (pathEnd, ...added) => faults.push(...added.map((fault) => ({ pathEnd, fault }))),
    async [Symbol.asyncDispose]() {
      await Promise.all([hub.shutdown(), cdn.shutdown()]);
    },
  };
}

interface Served {
  readonly repositories: Repositories;
  readonly pageSize: number;
  readonly cdn: Deno.HttpServer<Deno.NetAddr>;
}

function answerAsHub(request: Request, url: URL, { repositories, pageSize, cdn }: Served): Response {
  const path = decodeURIComponent(url.pathname).slice(1);
  const isApi = path.startsWith("api/");
  const rest = path.replace(/^api\//, "");
  const named = isApi || rest.startsWith("datasets/") ? rest : `models/${rest}`;
  const key = Object.keys(repositories).find((name) => named.startsWith(`${name}/`));
  if (key === undefined) return error(401, "RepoNotFound");
  const files = repositories[key];
  const [, what, revision, inside = ""] = named.slice(key.length).match(/^\/(\w+)\/([^/]+)\/?(.*)$/) ?? [];
  if (![commit, "main"].includes(revision)) return error(404, "RevisionNotFound");
  if (what === "revision") return Response.json(infoOf(key, Object.keys(files)));
  if (what === "tree") return listPage(url, files, inside, pageSize);
  if (!Object.hasOwn(files, inside)) return error(404, "EntryNotFound");
  const { content, isLarge } = files[inside];
  const digest = isLarge ? sha256Of(content) : gitBlob(content);
  const headers = { "x-repo-commit": commit, etag: `"${digest}"`, "accept-ranges": "bytes" };
  if (!isLarge) return bytes(request, content, headers);
  const location = `http://127.0.0.1:${cdn.addr.port}/${digest}?signature=secret`;
  const linked = { "x-linked-etag": `"${digest}"`, "x-linked-size": `${content.length}`, location };
  return new Response(null, { status: 302, headers: { ...headers, ...linked } });
}

export function error(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ error: "an error" }, { status, headers: { "x-error-code": code, ...headers } });
}

function infoOf(key: string, names: readonly string[]) {
  const id = key.replace(/^\w+\//, "");
  const rest = {
    private: false,
    gated: false,
    downloads: 1,
    likes: 0,
    lastModified: "2026-01-01T00:00:00.000Z",
  };
  return { _id: "1", id, sha: commit, siblings: names.map((rfilename) => ({ rfilename })), ...rest };
}

function listPage(
  url: URL,
  files: Repositories[string],
  folder: string,
  pageSize: number,
): Response {
  const all = Object.entries(files).filter(([name]) => folder === "" || name.startsWith(`${folder}/`));
  if (all.length === 0) return error(404, "EntryNotFound");
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const next = new URL(url);
  next.searchParams.set("cursor", `${from + pageSize}`);
  const link = from + pageSize < all.length ? { link: `<${next}>; rel="next"` } : {};
  return Response.json(all.slice(from, from + pageSize).map(([path, file]) => entryOf(path, file)), {
    headers: { ...link },
  });
}

function entryOf(path: string, { content, isLarge }: StoredFile) {
  const sizes = { type: "file", path, size: content.length };
  if (!isLarge) return { ...sizes, oid: gitBlob(content) };
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${
    sha256Of(content)
  }\nsize ${content.length}\n`;
  const lfs = { oid: sha256Of(content), size: content.length, pointerSize: pointer.length };
  return { ...sizes, oid: gitBlob(encoder.encode(pointer)), lfs };
}

/** Hands bytes out, or those that a range asks for. */
export function bytes(
  request: Request,
  content: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const [, from, to] = request.headers.get("range")?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
  if (from === undefined) return new Response(content, { headers });
  const end = to === "" ? content.length : Math.min(Number(to) + 1, content.length);
  if (Number(from) >= content.length) return new Response(null, { status: 416 });
  return new Response(content.subarray(Number(from), end), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${end - 1}/${content.length}` },
  });
}

/** Starts to hand bytes out, from where a range asks for them, and breaks the connection off. */
export function breakingOff(content: Uint8Array<ArrayBuffer>, after: number): Fault {
  return (request) => {
    const from = Number(request.headers.get("range")?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
    const body = new ReadableStream(
      {
        pull(controller) {
          if (this.isSent) controller.error(new Error("broken off"));
          else controller.enqueue(content.slice(from, from + after));
          this.isSent = true;
        },
        isSent: false,
      } as UnderlyingSource & { isSent: boolean },
    );
    const headers = {
      "content-length": `${content.length - from}`,
      ...(from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    };
    return new Response(body, { status: from > 0 ? 206 : 200, headers });
  };
}
