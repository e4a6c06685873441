import type { IncomingMessage } from "node:http";
import { HttpError } from "./http_error.ts";

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Checks that a request to a server on the loopback is meant for it. A page of another site can make its own
 * name lead to the loopback, and would then be taken for one of this server's (DNS rebinding).
 *
 * @throws {HttpError}
 */
export function requireOwnHost({ headers }: IncomingMessage, host: string): void {
  if (!loopback.test(host.includes(":") ? `[${host}]` : host) || headers.host === undefined) return;
  const name = headers.host.toLowerCase().replace(/:\d*$/, "");
  if (loopback.test(name)) return;
  throw new HttpError(
    421,
    `found the host ${JSON.stringify(name.slice(0, 60))}, expected one of the loopback`,
  );
}
