/** Returns a function that tells whether a name fits a pattern, in which `*` stands for any letters. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const glob = new RegExp(`^${pattern.split("*").map(escapeText).join(".*")}$`);
  return (name) => glob.test(name);
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.|?+(){}[\]]/g, "\\$&");
}
