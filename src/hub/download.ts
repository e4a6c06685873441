import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { type Content, contentAt, emptyContent } from "./content.ts";
import type { Hub } from "./hub.ts";
import type { HubFile } from "./listing.ts";
import { pageOf, type Repository, titleOf } from "./repository.ts";
import { ask, brokenConnection } from "./request.ts";
import { PassingFailure, retried } from "./retries.ts";

/** A file to bring here. */
export interface Download {
  readonly repository: Repository;
  readonly file: HubFile;
  /** The folder that gets the file, at its path; what an interrupted run left there of it is gone on from. */
  readonly folder: string;
  /** Told now and then how many bytes of the file there are. */
  onBytes(bytes: number): void;
}

/**
 * Downloads a file and checks its size and digest, also of what was there before.
 *
 * @returns the file's SHA-256
 * @throws {InputError} where it can't be had, or the hub gives other bytes than it says
 */
export function download(hub: Hub, task: Download): Promise<string> {
  return retried(hub, () => attempt(hub, task));
}

async function attempt(hub: Hub, task: Download): Promise<string> {
  const { repository, file, folder, onBytes } = task;
  const path = join(folder, file.path);
  await mkdir(dirname(path), { recursive: true });
  const earlier = await contentAt(path, file);
  const content = earlier.bytes <= file.bytes ? earlier : emptyContent(file);
  const before = content.bytes;
  onBytes(before);
  const whole = before < file.bytes || file.bytes === 0 ? await receive(hub, task, path, content) : content;
  const { stated, sha256 } = whole.digests();
  if (whole.bytes === file.bytes && stated === file.digest.hex) return sha256;
  await rm(path);
  const name = `${file.path} of ${titleOf(repository)}`;
  if (before > 0) {
    throw new PassingFailure(`what an earlier attempt left of ${name} is damaged`, 0, true);
  }
  throw new InputError({
    found: `${whole.bytes} bytes with the digest ${stated} for ${name}`,
    expected: `${file.bytes} bytes with the digest ${file.digest.hex}, as the hub's list of files says`,
    fix: "Run again. If it stays so, what hands the file out (a mirror, a proxy) changes it.",
  });
}

/** Asks for what is missing of a file, and appends it to what is there. */
async function receive(hub: Hub, task: Download, path: string, content: Content): Promise<Content> {
  const { repository, file, onBytes } = task;
  const name = `${file.path} of ${titleOf(repository)}`;
  const address = file.path.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`${pageOf(repository)}/resolve/${repository.revision}/${address}`, hub.endpoint);
  using watch = stallWatch(hub.stalledMs);
  const response = await ask(hub, {
    repository,
    what: name,
    url,
    signal: watch.signal,
    headers: content.bytes > 0 ? { range: `bytes=${content.bytes}-` } : {},
  });
  const isRest = response.status === 206 &&
    response.headers.get("content-range")?.startsWith(`bytes ${content.bytes}-`);
  const whole = isRest ? content : emptyContent(file);
  const before = whole.bytes;
  await using handle = await open(path, isRest ? "a" : "w");
  const reader = (response.body ?? new Blob([]).stream()).getReader();
  while (whole.bytes <= file.bytes) {
    const piece = await reader.read().catch((error) => {
      throw brokenConnection(
        error,
        url,
        `${name} broke off after ${whole.bytes} bytes`,
        whole.bytes > before,
      );
    });
    if (piece.done) break;
    watch.restart();
    await handle.writeFile(piece.value);
    whole.add(piece.value);
    onBytes(whole.bytes);
  }
  await reader.cancel().catch(() => {}); // where there is more than there should be
  if (whole.bytes < file.bytes) {
    throw new PassingFailure(`${name} ended after ${whole.bytes} bytes`, undefined, whole.bytes > before);
  }
  return whole;
}

/** A signal that fires when it hasn't been restarted for some time. */
interface StallWatch extends Disposable {
  readonly signal: AbortSignal;
  restart(): void;
}

function stallWatch(milliseconds: number): StallWatch {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(new DOMException("stalled")), milliseconds);
  let timer = start();
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = start();
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
