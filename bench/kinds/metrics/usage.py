"""Runs a command and prints as JSON its CPU seconds (user and system, all threads) and peak memory in MiB.

  usage.py COMMAND…
"""
import json, resource, subprocess, sys

subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMebibytes": usage.ru_maxrss // 1024}))
