/** Answers requests over HTTP, whatever clients do. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { InputError } from "../errors.ts";
import { clientLeft, HttpError } from "./http_error.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { requireOwnHost } from "./own_host.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { Routes } from "./routes.ts";

export interface ServerOptions {
  /** An address of this machine. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly limits: Limits;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no further connections, and resolves when all requests that have come are answered. */
  stop(): Promise<void>;
}

/**
 * Starts a server. It is Node's and not `Deno.serve`, which waits without end for a client that hangs in the
 * middle of a request's head.
 *
 * @throws {InputError} where it can't listen at that address
 */
export async function startServer(
  routes: Routes,
  metrics: Metrics,
  { host, port, limits }: ServerOptions,
): Promise<RunningServer> {
  let address = host; // as the system writes it, once the server listens
  let isStopping = false;
  let open = 0; // requests that aren't answered yet
  // Node lets connections on which a request has only begun stay open for ever when a server is closed.
  const endWhenAnswered = () => {
    if (isStopping && open === 0) server.closeAllConnections();
  };
  const server = createServer({
    headersTimeout: limits.headMs,
    requestTimeout: 0, // a body has a limit of its own, so that its client gets a reply in JSON
    connectionsCheckingInterval: 500,
  }, async (request, response) => {
    open++;
    const started = performance.now();
    const path = request.url?.split("?")[0] ?? "/";
    const gone = new AbortController();
    let isSent = false;
    response.on("finish", () => isSent = true);
    response.on("close", () => {
      open--;
      endWhenAnswered();
      if (!isSent) gone.abort(new Error("the client left"));
      const seconds = (performance.now() - started) / 1000;
      metrics.request(routes.has(path) ? path : "none", isSent ? response.statusCode : clientLeft, seconds);
    });
    const reply = await replyTo(request, path, routes, address, gone.signal);
    if (gone.signal.aborted) return;
    send(response, reply, isStopping);
    const timer = setTimeout(() => response.destroy(), limits.answerMs);
    response.on("close", () => clearTimeout(timer));
  });
  server.maxConnections = limits.connections;
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, metrics));
  await listen(server, host, port);
  const listening = server.address() as AddressInfo;
  address = listening.address;
  return {
    port: listening.port,
    stop: () =>
      new Promise((resolve) => {
        isStopping = true;
        server.close(() => resolve());
        endWhenAnswered();
      }),
  };
}

async function replyTo(
  request: IncomingMessage,
  path: string,
  routes: Routes,
  address: string,
  gone: AbortSignal,
): Promise<Reply> {
  try {
    requireOwnHost(request, address);
    const route = routes.get(path);
    if (!route) {
      throw new HttpError(404, `found no ${path.slice(0, 60)}, expected ${[...routes.keys()].join(", ")}`);
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (method !== route.method) {
      throw new HttpError(405, `found ${request.method}, expected ${route.method}`, { allow: route.method });
    }
    return await route.handle(request, gone);
  } catch (error) {
    if (error instanceof HttpError) return jsonReply(error.status, { error: error.message }, error.headers);
    if (!gone.aborted) console.error(error);
    return jsonReply(500, { error: "the server failed to answer; its log says why" });
  }
}

/**
 * Sends a reply. A connection whose request isn't whole is closed, since its client may go on for as long as it
 * likes with a body that nobody reads.
 */
function send(response: ServerResponse, { status, body, headers }: Reply, isLast: boolean): void {
  response.writeHead(status, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-length": new TextEncoder().encode(body).length,
    ...headers,
    ...(isLast || !response.req.complete ? { connection: "close" } : {}),
  });
  response.end(body);
}

/** Answers what isn't HTTP, or stops in the middle of a request's head. */
function refuseMalformed(error: Error & { readonly code?: string }, socket: Duplex, metrics: Metrics): void {
  const [status, name, found] = error.code === "ERR_HTTP_REQUEST_TIMEOUT"
    ? [408, "Request Timeout", "a request that took too long to come"]
    : error.code === "HPE_HEADER_OVERFLOW"
    ? [431, "Request Header Fields Too Large", "headers that are too large"]
    : [400, "Bad Request", "what isn't HTTP"] as const;
  if (!socket.writable) return socket.destroy() as unknown as void;
  metrics.request("none", status, 0);
  const { body } = jsonReply(status, { error: `found ${found}, expected a whole HTTP request` });
  const head = `HTTP/1.1 ${status} ${name}\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  socket.end(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => resolve());
    });
  } catch (cause) {
    const isTaken = (cause as { readonly code?: string }).code === "EADDRINUSE";
    throw new InputError({
      found: isTaken
        ? `port ${port} of ${host} in use`
        : `an address, ${host} with port ${port}, where no server can be (${(cause as Error).message})`,
      expected: isTaken ? "a free port" : "an address of this machine, and a port that you may use",
      fix: "Name another with --host and --port; --port 0 takes any that is free.",
    }, { cause });
  }
}
