import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { readIfThere } from "../store/atomic.ts";

/** Reads a variable of the environment. */
export type Environment = (name: string) => string | undefined;

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Returns the credentials in the environment or, where it has none, those of its profile in AWS's own file,
 * `~/.aws/credentials`.
 *
 * @throws {InputError} where there are none
 */
export function awsCredentials(environment: Environment): AwsCredentials {
  const found = credentialsIn((name) => environment(name.toUpperCase())) ?? credentialsOfFile(environment);
  if (found) return found;
  throw new InputError({
    found: "no credentials for the remote cache",
    expected:
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or a profile in ~/.aws/credentials",
  });
}

function credentialsOfFile(environment: Environment): AwsCredentials | undefined {
  const file = environment("AWS_SHARED_CREDENTIALS_FILE") ||
    join(environment("HOME") ?? "", ".aws", "credentials");
  const profile = profileIn(readIfThere(file) ?? "", environment("AWS_PROFILE") || "default");
  return credentialsIn((name) => profile.get(name));
}

function credentialsIn(read: Environment): AwsCredentials | undefined {
  const accessKeyId = read("aws_access_key_id");
  const secretAccessKey = read("aws_secret_access_key");
  const sessionToken = read("aws_session_token");
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** Returns the values of a profile in a file of AWS's form: `[profile]`, then `name = value` lines. */
function profileIn(text: string, profile: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section: string | undefined;
  for (const line of text.split("\n").map((line) => line.trim())) {
    section = line.match(/^\[\s*(.+?)\s*\]/)?.[1] ?? section;
    const [, name, value] = line.match(/^([a-z_]+)\s*=\s*(.*)$/) ?? [];
    if (section === profile && name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}
