/** What a request is answered with. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes a reply of a value that JSON can hold. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    body: `${JSON.stringify(value)}\n`,
    headers: { "content-type": "application/json", ...headers },
  };
}
