import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";
import { HttpError } from "./http_error.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8); // and ::ffff:127.0.0.0, which is the same in IPv6
loopback.addAddress("::1", "ipv6");

/**
 * Checks that a request to a server on the loopback is meant for it. A page of another site can make its own
 * name lead to the loopback, and would then be taken for one of this server's (DNS rebinding).
 *
 * @param address where the server listens
 * @throws {HttpError}
 */
export function requireOwnHost({ headers }: Pick<IncomingMessage, "headers">, address: string): void {
  if (!isLoopback(address) || headers.host === undefined) return;
  const name = headers.host.toLowerCase().replace(/:\d*$/, "");
  if (name === "localhost" || isLoopback(name.replace(/^\[(.*)\]$/, "$1"))) return;
  throw new HttpError(
    421,
    `found the host ${JSON.stringify(name.slice(0, 60))}, expected one of the loopback`,
  );
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
