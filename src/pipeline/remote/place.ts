/**
 * A remote cache's place is an address, `https://host/path`, or a bucket, `s3://bucket/prefix`. Beside it go
 * the secrets that open it. They are in the headers of requests, and in no message.
 */

import { Buffer } from "node:buffer";
import { AwsV4Signer } from "aws4fetch";
import { InputError } from "../../errors.ts";
import type { Digest } from "../store/digest.ts";
import { awsCredentials, type Environment } from "./aws_credentials.ts";

export interface CachePlace {
  /** What messages call it. */
  readonly name: string;
  /** Its host and port, which is all that has to be reached. */
  readonly host: string;
  /** What an entry's address begins with; it ends in a slash. */
  readonly base: URL;
  /** A file with the certificates that are trusted besides the usual ones; undefined where there is none. */
  readonly certificates: string | undefined;
  /**
   * Returns the headers of a request that let it in.
   *
   * @param content the digest of what the request sends; undefined where it sends nothing
   */
  authorization(method: string, url: URL, content: Digest | undefined): Promise<Headers>;
}

/** What the address of a cache looks like, for messages. */
export const addressForm = "https://host/path, http://host/path or s3://bucket/prefix";

/**
 * Returns the place that an address names.
 *
 * @param environment reads the environment's variables: `CALIBRANT_CACHE_TOKEN`, and for S3 those of AWS
 * @throws {InputError} where it is no such address, and where there is nothing to sign requests with. The
 *   message doesn't show the address, since that may hold a password.
 */
export function cachePlaceAt(address: string, environment: Environment): CachePlace {
  const url = URL.parse(address);
  if (url?.search === "" && url.hash === "") {
    if (url.protocol === "s3:") return bucket(url, environment);
    if (/^https?:$/.test(url.protocol)) return httpPlace(url, environment);
  }
  throw new InputError({ found: "something else as the remote cache's address", expected: addressForm });
}

function httpPlace(address: URL, environment: Environment): CachePlace {
  const authorization = httpAuthorization(address, environment("CALIBRANT_CACHE_TOKEN"));
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  const base = baseAt(address.origin, address.pathname);
  return {
    name: `the remote cache at ${address.host}`,
    host: hostOf(base),
    base,
    certificates: environment("DENO_CERT") || undefined,
    authorization: () => Promise.resolve(new Headers(headers)),
  };
}

function httpAuthorization({ username, password }: URL, token: string | undefined): string | undefined {
  if (username !== "" || password !== "") {
    const pair = [username, password].map(decoded).join(":");
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  if (token === undefined || token === "") return undefined;
  if (/^[!-~]+$/.test(token)) return `Bearer ${token}`;
  throw new InputError({
    found: "something else in CALIBRANT_CACHE_TOKEN", // which isn't shown
    expected: "a token, which has no spaces and only ASCII characters",
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function bucket({ hostname, pathname, username, password, port }: URL, environment: Environment): CachePlace {
  const isBucket = /^[A-Za-z0-9][A-Za-z0-9._-]+$/.test(hostname) &&
    [username, password, port].join("") === "";
  if (!isBucket) {
    throw new InputError({
      found: "no bucket's name in the remote cache's address",
      expected: "s3://bucket/prefix, with the credentials in the environment",
    });
  }
  const credentials = awsCredentials(environment);
  const region = environment("AWS_REGION") || environment("AWS_DEFAULT_REGION") || "us-east-1";
  const endpoint = environment("AWS_ENDPOINT_URL_S3") || environment("AWS_ENDPOINT_URL") ||
    `https://s3.${region}.amazonaws.com`;
  const { origin, pathname: path } = endpointAt(endpoint);
  const base = baseAt(origin, `${path.replace(/\/$/, "")}/${hostname}${pathname}`);
  return {
    name: `the remote cache s3://${hostname}`,
    host: hostOf(base),
    base,
    certificates: environment("DENO_CERT") || undefined,
    async authorization(method, url, content) {
      const signer = new AwsV4Signer({
        method,
        url: url.href,
        // S3 refuses, and doesn't keep, what hasn't the digest that was signed.
        headers: { "x-amz-content-sha256": content ?? emptyDigest },
        service: "s3",
        region,
        ...credentials,
      });
      return (await signer.sign()).headers;
    },
  };
}

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function endpointAt(address: string): URL {
  const url = URL.parse(address);
  if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "") return url;
  throw new InputError({
    found: "something else in AWS_ENDPOINT_URL", // which isn't shown, since it may hold a password
    expected: "an address without a user, such as https://s3.example.org",
  });
}

/** Makes an address of a path, in which every character is written as S3 writes it in what is signed. */
function baseAt(origin: string, path: string): URL {
  const escaped = path.replaceAll(/[!'()*+]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return new URL(path.endsWith("/") ? escaped : `${escaped}/`, origin);
}

function hostOf({ host, port, protocol }: URL): string {
  return port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
}
