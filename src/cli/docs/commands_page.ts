/** The page docs/commands.md, which shows what each command says of itself. */

/** A task as deno.json describes it. */
interface Task {
  readonly command: string;
}

interface Help {
  /** As a person types it, such as `deno task pipeline run`. */
  readonly command: string;
  readonly text: string;
}

/** The tasks that are for users, in the order in which they are needed; the others are for developers. */
const programs = [
  ...["pipeline", "metrics", "predict", "serve", "calibrate", "doctor", "setup", "results", "bench"],
];

const introduction = `# Commands

\`deno task docs\` writes this page from what each command says with \`--help\`; nothing of it was typed.
\`./calibrant run\` is short for \`deno task --quiet pipeline run\`, \`./calibrant metrics\` for
\`deno task --quiet metrics\`. [from-dvc.md](from-dvc.md) shows these commands beside DVC's, and
[tutorial.md](tutorial.md) shows most of them at work.`;

/**
 * Asks every command for its help, and makes the page of the answers.
 *
 * @param root the project's folder
 */
export async function commandsPage(root: string): Promise<string> {
  const all = (await Promise.all(programs.map((program) => helpOfProgram(root, program)))).flat();
  const contents = all.map(({ command, text }) =>
    `| [\`${command}\`](#${command.replaceAll(" ", "-")}) | ${descriptionIn(text).replaceAll("|", "\\|")} |`
  );
  const sections = all.map(({ command, text }) => `## ${command}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``);
  const table = ["| command | what it does |", "| --- | --- |", ...contents].join("\n");
  return `${[introduction, table, ...sections].join("\n\n")}\n`;
}

/** Asks a program for its help, and then each of the commands that this names. */
async function helpOfProgram(root: string, program: string): Promise<readonly Help[]> {
  const help = await helpOf(root, [program]);
  const [, listed = ""] = help.text.match(/^Commands:\n((?: .*\n)+)/m) ?? [];
  const names = Array.from(listed.matchAll(/^ {2}(\w+)/gm), ([, name = ""]) => name);
  const commands: Help[] = [];
  for (const name of names.filter((name) => name !== "help")) {
    commands.push(await helpOf(root, [program, name]));
  }
  return [help, ...commands];
}

/** Runs a command with `--help` and the permissions of its task, as into a file, where a line has 80 columns. */
async function helpOf(root: string, [program = "", ...names]: readonly string[]): Promise<Help> {
  const tasks: Readonly<Record<string, Task>> =
    JSON.parse(await Deno.readTextFile(`${root}/deno.json`)).tasks;
  const command = ["deno task", program, ...names].join(" ");
  const [, ...words] = tasks[program]?.command.split(" ") ?? [];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words, ...names, "--help"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(`${command} --help: ${new TextDecoder().decode(stderr)}`);
  return { command, text: new TextDecoder().decode(stdout) };
}

/** Finds what a command does in its help: the first sentence below the line that says how it is used. */
function descriptionIn(help: string): string {
  const [, description = ""] = help.split("\n\n");
  return description.replaceAll("\n", " ").split(/(?<=\.) /)[0].trim();
}
