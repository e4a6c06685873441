/** What counts as the status of a request whose client left, as nginx has it. Nobody gets it. */
export const clientLeft = 499;

/** A request that gets another answer than the one it asked for. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  /**
   * @param status the answer's status, from 400
   * @param message says what was found and what was expected; the client gets it as `{"error": …}`
   */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
