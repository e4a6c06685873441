/** The page at `/`, on which a person tries the model. Its files are in the folder `page`. */

import type { Reply } from "./reply.ts";

/** The page asks nothing but its own server, and no script or style runs that doesn't come as a file of it. */
const policy = [
  "default-src 'none'",
  ...["script-src", "style-src", "connect-src"].map((source) => `${source} 'self'`),
  ...["base-uri", "form-action", "frame-ancestors"].map((name) => `${name} 'none'`),
].join("; ");

const files = [
  ["/", "index.html", "text/html"],
  ["/page.css", "page.css", "text/css"],
  ["/page.js", "page.js", "text/javascript"],
] as const;

/** Reads the page's files, each with the path that it is asked for by. */
export function pageFiles(): readonly (Reply & { readonly path: string })[] {
  return files.map(([path, file, type]) => ({
    path,
    status: 200,
    body: Deno.readTextFileSync(new URL(`page/${file}`, import.meta.url)),
    headers: { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy },
  }));
}
