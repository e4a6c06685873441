"""A competitor that steps when it is told to, so that several take turns on one machine.

A first line of JSON says that it is ready, but not warm: PyTorch's threads would hold up others that get warm beside
them. From then on each line of standard input holds a number n; after n steps it answers with one line of JSON: the
milliseconds of each step, the tokens that mattered in it, and the most memory that this process has held so far, in MiB.
"""
import json, resource, sys, time


def serve(step):
    """`step()` does one step and returns how many tokens mattered in it."""
    print(json.dumps({"warm": False}), flush=True)
    for line in sys.stdin:
        steps = []
        for _ in range(int(line)):
            started = time.perf_counter()
            tokens = step()
            steps.append({"milliseconds": (time.perf_counter() - started) * 1000, "tokens": tokens})
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"steps": steps, "peakMebibytes": peak}), flush=True)
