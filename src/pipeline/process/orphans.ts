/**
 * A stage's process must not outlive its engine, even one that was killed while the stage computes and looks
 * at nothing else. So a small process beside the engine knows which processes there are, and kills them when
 * the engine's end closes the pipe between the two.
 */

const program = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids';

const living = new Set<number>();
let tell: (() => void) | undefined;

/** Has a process killed when this one ends before it. */
export function endWithThis(child: Deno.ChildProcess): void {
  tell ??= startWatch();
  living.add(child.pid);
  tell();
  child.status.then(() => {
    living.delete(child.pid);
    tell?.();
  });
}

/** Starts the process that watches this one's end, and returns what tells it the processes that live now. */
function startWatch(): () => void {
  const watch = new Deno.Command("sh", {
    args: ["-c", program],
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
