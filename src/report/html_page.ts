import { createHash } from "node:crypto";
import { type Markup, markup } from "./markup.ts";
import { stylesheet } from "./stylesheet.ts";

/** A page of sections, to which its contents lead. */
export interface Page {
  readonly title: string;
  /** A sentence or two on what the page shows. */
  readonly summary: string;
  readonly sections: readonly PageSection[];
  /** A script that runs once all is there; without it, the page must be whole. */
  readonly script?: string;
}

/** A section of a page. */
export interface PageSection {
  /** Its name in the page's address; no two sections have the same. */
  readonly id: string;
  readonly heading: string;
  readonly content: readonly Markup[];
}

/**
 * Renders a page as one HTML file that needs nothing else, with a policy that forbids all else: no font, no
 * picture, and no script but its own.
 */
export function renderPage({ title, summary, sections, script }: Page): string {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(script ? [permissionFor(script)] : []),
  ];
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ source: policy.join("; ") }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${stylesheet}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="summary">${summary}</p>
</header>
<div class="layout">
<nav aria-label="Contents">
<ol>
${
    sections.map(({ id, heading }) =>
      markup`<li><a href="#${id}">${heading}</a></li>
`
    )
  }</ol>
</nav>
<main>
${sections.map(renderSection)}</main>
</div>
${script ? markup`<script>${{ source: script }}</script>` : []}
</body>
</html>
`.source;
}

function renderSection({ id, heading, content }: PageSection): Markup {
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${content}</section>
`;
}

/** Returns the directive of a content security policy that lets this script run and no other. */
function permissionFor(script: string): string {
  return `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
