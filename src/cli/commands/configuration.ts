import { readUserConfiguration, type UserConfiguration } from "../../pipeline/file/user_configuration.ts";
import { keyFolder } from "./key_folder.ts";

let configuration: UserConfiguration | undefined;

/**
 * Returns the user's configuration, which is read once: a command looks into it for the store, the cache and the
 * executor.
 *
 * @throws {InputError} with file and line for the first mistake in it
 */
export function userConfiguration(): UserConfiguration {
  return configuration ??= readUserConfiguration(keyFolder());
}
