"""A competitor that steps when it is told to, so that several take turns on one machine.

Each line of standard input holds a number n; after n steps it answers with one line of JSON: the milliseconds of each
step, the tokens that mattered in it, and the most memory that this process has held so far, in MiB.
"""
import json, resource, sys, time


def serve(step, first_step=None):
    """`step()` does one step and returns how many tokens mattered in it, as does `first_step()`, which is in its place at first."""
    due = first_step or step
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        steps = []
        for _ in range(int(line)):
            started = time.perf_counter()
            tokens, due = due(), step
            steps.append({"milliseconds": (time.perf_counter() - started) * 1000, "tokens": tokens})
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"steps": steps, "peakMebibytes": peak}), flush=True)
