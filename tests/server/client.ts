/** Clients of a server on the loopback that do what well-behaved ones don't. */

const decoder = new TextDecoder();

/** Sends bytes, and returns all that comes until the server closes the connection. */
export async function exchange(port: number, sent: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(sent));
  return decoder.decode(await new Response(connection.readable).arrayBuffer());
}

/** Sends bytes and leaves at once. */
export async function sendAndLeave(port: number, sent: string): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(sent));
}

/** Returns the head of a `POST /predict` whose body has this length. */
export function predictHead(length: number): string {
  return "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
    `Content-Length: ${length}\r\n\r\n`;
}

/** Returns the status and the message of an answer as it came over the wire. */
export function errorOf(answer: string): readonly [status: number, message: string] {
  const [head, body] = answer.split("\r\n\r\n");
  return [Number(head.split(" ")[1]), JSON.parse(body).error];
}
