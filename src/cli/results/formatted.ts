/** Formats text as `deno fmt` does, so that pages written by a program pass the format check. */
export async function formatted(text: string, kind: "md" | "svg"): Promise<string> {
  const format = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", `--ext=${kind}`, "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = new Response(format.stdout).text();
  const input = format.stdin.getWriter();
  await input.write(new TextEncoder().encode(text));
  await input.close();
  const { success } = await format.status;
  if (!success) throw new Error(`deno fmt refuses the ${kind}`);
  return await output;
}
