"""Runs a command and prints as JSON what the whole process took, with those that it started.

  usage.py OUTPUT COMMAND…      (OUTPUT is the file that gets what the command prints)

These are the seconds from its start to its first line and to its end, its CPU seconds (user and system, all
threads), and the most memory that one process held, in MiB.
"""
import json, resource, shutil, subprocess, sys, time

output, *command = sys.argv[1:]
started = time.perf_counter()
with open(output, "wb") as file, subprocess.Popen(command, stdout=subprocess.PIPE) as process:
    file.write(process.stdout.readline())
    first_line = time.perf_counter() - started
    shutil.copyfileobj(process.stdout, file)
seconds = time.perf_counter() - started
if process.returncode != 0:
    raise subprocess.CalledProcessError(process.returncode, command)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "firstLineSeconds": first_line,
    "seconds": seconds,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "peakMebibytes": usage.ru_maxrss // 1024,
}))
