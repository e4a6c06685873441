# What the scripts beside this file share: how they speak, and how they start and stop daemons. They source it,
# and set `dir` to the server's folder, in which run/NAME.pid has the pid of a daemon and when it was started.

usage() { sed -n '2,/^set -u/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$@"; exit 1; }

# When a process was started, in ticks since the machine's start: with its pid it names one process only, even
# after the pid has been given to another.
born() {
  local line
  line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${line##*) }
  [ "$1" != Z ] && printf '%s' "${20}"
}

# Says whether a daemon runs, and sets `pid` to its pid.
alive() {
  local birth
  read -r pid birth 2>/dev/null <"$dir/run/$1.pid" && [ "$(born "$pid")" = "$birth" ]
}

# Starts a daemon apart from the caller and with none of its open files, so that a caller that reads this
# script's output to its end isn't kept waiting.
spawn() {
  local name=$1
  shift
  setsid "$@" </dev/null >>"$dir/log/$name.out" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  printf '%s %s\n' "$!" "$(born $!)" >"$dir/run/$name.pid"
}

# Ends a daemon, also one that is paused, and one that doesn't end by itself within five seconds.
halt() {
  if alive "$1"; then
    kill -CONT "$pid"
    kill -TERM "$pid"
    for _ in {1..50}; do alive "$1" || break; sleep 0.1; done
    if alive "$1"; then kill -KILL "$pid"; sleep 0.1; fi
  fi
  rm -f "$dir/run/$1.pid"
}

# Sets `port` to one that nobody has, below those that the kernel gives to outgoing connections.
taken=
free_port() {
  local hex
  for _ in {1..500}; do
    port=$((15000 + RANDOM % 17000))
    printf -v hex ':%04X ' "$port"
    [[ " $taken " = *" $port "* ]] || grep -qs "$hex" /proc/net/tcp /proc/net/tcp6 || break
  done
  taken+=" $port"
}
