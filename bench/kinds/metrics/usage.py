"""Runs a command: the CPU seconds (user and system, all threads) and the most memory, in MiB, that it took, as JSON.

  usage.py COMMAND…
"""
import json, resource, subprocess, sys

subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMebibytes": usage.ru_maxrss // 1024}))
