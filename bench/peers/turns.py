"""Lets a program step when it is told to, so that several programs take turns on one machine.

It writes a first line of JSON when it is ready. It isn't warm by then, since PyTorch's threads would hold up
programs that get warm beside it. From then on it reads a number from each line of standard input, takes so many
steps and answers with a line of JSON: the milliseconds of each step, the tokens that mattered in it, and the most
memory that this process has held so far, in MiB.
"""
import json, resource, sys, time


def peak_mebibytes():
    """On Linux, `ru_maxrss` is at least what the process held that started this one."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) // 1024


def serve(step):
    """Serves until the input ends. `step()` does one step and returns how many tokens mattered in it."""
    print(json.dumps({"warm": False}), flush=True)
    for line in sys.stdin:
        steps = []
        for _ in range(int(line)):
            started = time.perf_counter()
            tokens = step()
            steps.append({"milliseconds": (time.perf_counter() - started) * 1000, "tokens": tokens})
        print(json.dumps({"steps": steps, "peakMebibytes": peak_mebibytes()}), flush=True)
