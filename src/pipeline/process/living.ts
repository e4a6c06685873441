/**
 * The processes of stages that live now. They are outside the terminal's foreground, so this module hands
 * them what is meant for the whole job: they end with the engine, and stop and go on with it (Ctrl-Z, `fg`).
 */

const living = new Set<number>();
let tellWatch: (() => void) | undefined;

/** Has a process of a stage stop, go on and end with this one. */
export function bindToThis(child: Deno.ChildProcess): void {
  if (!tellWatch) {
    tellWatch = startWatch();
    followSuspension();
  }
  const tell = tellWatch;
  living.add(child.pid);
  tell();
  child.status.then(() => {
    living.delete(child.pid);
    tell();
  });
}

/** Kills all processes that are given by id in the last line that it reads, once there are no more lines. */
const watchProgram = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids';

/**
 * Starts a small process that kills those of stages when this one has ended, which closes the pipe between
 * the two. This one may be killed while a stage computes and looks at nothing else.
 *
 * @returns what tells it the processes that live now
 */
function startWatch(): () => void {
  const watch = new Deno.Command("sh", {
    args: ["-c", watchProgram],
    detached: true, // so that no Ctrl-C and no signal to the engine's group reaches it
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  watch.unref();
  const writer = watch.stdin.getWriter();
  return () => {
    // Where it can't be told, a stage's process still looks at times whether its engine is there.
    writer.write(new TextEncoder().encode(`${[...living].join(" ")}\n`)).catch(() => {});
  };
}

function followSuspension(): void {
  const signalAll = (signal: Deno.Signal) => {
    for (const pid of living) {
      try {
        Deno.kill(pid, signal);
      } catch {
        // It has ended.
      }
    }
  };
  Deno.addSignalListener("SIGTSTP", () => {
    signalAll("SIGSTOP");
    Deno.kill(Deno.pid, "SIGSTOP");
  });
  Deno.addSignalListener("SIGCONT", () => signalAll("SIGCONT"));
}
