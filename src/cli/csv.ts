/** Returns a line of comma-separated fields (RFC 4180), with its end. */
export function csvLine(fields: readonly string[]): string {
  const quoted = fields.map((field) => /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  return `${quoted.join(",")}\n`;
}
