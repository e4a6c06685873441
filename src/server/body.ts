import type { IncomingMessage } from "node:http";
import { clientLeft, HttpError } from "./http_error.ts";
import type { Limits } from "./limits.ts";

type BodyLimits = Pick<Limits, "bodyBytes" | "bodyMs">;

/**
 * Reads the JSON that a request brings. No more of a body is read than the limits allow.
 *
 * @throws {HttpError} where it isn't JSON in UTF-8, is larger, or takes longer to come
 */
export async function readJsonBody(request: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  // A browser lets a page of another origin send this type only where the server says that it may.
  const type = request.headers["content-type"];
  if (type?.split(";")[0].trim().toLowerCase() !== "application/json") {
    const found = type === undefined
      ? "no content-type"
      : `content-type ${JSON.stringify(type.slice(0, 60))}`;
    throw new HttpError(415, `found ${found}, expected application/json`);
  }
  const bytes = await readBody(request, limits);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, 'found a body that isn\'t JSON in UTF-8, expected JSON such as {"text": "…"}');
  }
}

/**
 * Reads a body. It listens to events, because a loop over the stream would close the connection when it ends
 * early, before the client has its answer.
 */
function readBody(request: IncomingMessage, { bodyBytes, bodyMs }: BodyLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    const refuse = (status: number, message: string) => {
      clearTimeout(timer);
      request.pause();
      reject(new HttpError(status, message));
    };
    const tooLarge = () => refuse(413, `found a body of more than ${bodyBytes} bytes, expected fewer`);
    const timer = setTimeout(() => {
      refuse(408, `found a body that wasn't whole after ${bodyMs / 1000} s, expected it sooner`);
    }, bodyMs);
    if (Number(request.headers["content-length"] ?? 0) > bodyBytes) return tooLarge();
    request.on("data", (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > bodyBytes) tooLarge();
    });
    request.on("end", async () => {
      clearTimeout(timer);
      resolve(new Uint8Array(await new Blob(chunks).arrayBuffer()));
    });
    request.on("error", () => refuse(clientLeft, "the client left before its request was whole"));
  });
}
