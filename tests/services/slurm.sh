#!/usr/bin/env bash
# A real Slurm on this machine for tests: munged, slurmctld and one slurmd for each pretended node, all on the
# loopback address, and all that they write in one folder. It needs Debian's slurm-wlm and munge, no systemd.
#
#   slurm.sh up DIR [NODES] [KEY=VALUE…]  start, or leave running; prints SLURM_CONF=PATH
#   slurm.sh down DIR                     cancel the jobs, stop the daemons; DIR is kept
#   slurm.sh kill DIR NAME [SIGNAL]       signal a daemon (default KILL): n1, n2 …, slurmctld, munged
#   slurm.sh start DIR NAME               start that daemon again
#
# KEY=VALUE are settings of slurm.conf. A node has 4 CPUs, 4096 MB and 2 GPUs for the scheduler, which counts
# them; it shares this machine's. Memory is watched once a second: a job above its --mem is killed.
set -u
umask 022

. "$(dirname -- "${BASH_SOURCE[0]}")/daemons.sh"

launch() {
  case $1 in
    munged)
      rm -f "$dir/run/munge.sock" "$dir/run/munge.sock.lock"
      # --force: a folder that only its owner may enter is fine here.
      spawn munged munged --foreground --force --key-file "$dir/etc/munge.key" \
        --socket "$dir/run/munge.sock" --pid-file "$dir/run/munge-own.pid" --seed-file "$dir/state/munge.seed" ;;
    slurmctld) spawn slurmctld slurmctld -D -f "$SLURM_CONF" ;;
    n*) spawn "$1" slurmd -D -N "$1" -f "$SLURM_CONF" ;;
  esac
}

configure() {
  local nodes=1 pair name host port i me
  local -A settings
  host=$(uname -n)
  host=${host%%.*}
  me=$(id -un)
  if [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then nodes=$1; shift; fi
  free_port
  settings=(
    [ClusterName]=test
    [SlurmctldHost]="$host(127.0.0.1)"
    [SlurmctldPort]=$port
    [CommunicationParameters]="NoCtldInAddrAny,NoInAddrAny"
    [AuthType]=auth/munge
    # cred_expire is also how long a requeued job waits before it may start again.
    [AuthInfo]="socket=$dir/run/munge.sock,cred_expire=5"
    [SlurmUser]=$me
    [SlurmdUser]=$me
    [StateSaveLocation]=$dir/state
    [SlurmdSpoolDir]=$dir/spool/%n
    [SlurmctldPidFile]=$dir/run/slurmctld-own.pid
    [SlurmdPidFile]=$dir/run/%n-own.pid
    [SlurmctldLogFile]=$dir/log/slurmctld.log
    [SlurmdLogFile]=$dir/log/%n.log
    [ProctrackType]=proctrack/linuxproc
    [TaskPlugin]=task/none
    [SwitchType]=switch/none
    [MpiDefault]=none
    [SelectType]=select/cons_tres
    [SelectTypeParameters]=CR_CPU_Memory
    [SlurmdParameters]=config_overrides
    [GresTypes]=gpu
    [DefMemPerCPU]=512
    [JobAcctGatherType]=jobacct_gather/linux
    [JobAcctGatherFrequency]=task=1
    [JobAcctGatherParams]=OverMemoryKill
    [AccountingStorageType]=accounting_storage/none
    [JobCompType]=jobcomp/filetxt
    [JobCompLoc]=$dir/log/jobcomp.txt
    [ReturnToService]=2
    [SlurmdTimeout]=15
    [SlurmctldTimeout]=15
    [KillWait]=1
    [MinJobAge]=300
    [SchedulerParameters]="sched_interval=1,bf_interval=1"
    [MailProg]=/bin/true
  )
  for pair in "$@"; do
    [[ $pair = *=* ]] || die "not KEY=VALUE: $pair"
    settings[${pair%%=*}]=${pair#*=}
  done
  {
    for name in "${!settings[@]}"; do printf '%s=%s\n' "$name" "${settings[$name]}"; done | sort
    for ((i = 1; i <= nodes; i++)); do
      free_port
      printf 'NodeName=n%d NodeHostname=%s NodeAddr=127.0.0.1 Port=%d CPUs=4 RealMemory=4096 Gres=gpu:2 State=UNKNOWN\n' \
        "$i" "$host" "$port"
    done
    printf 'PartitionName=main Nodes=ALL Default=YES DefaultTime=60 MaxTime=1440 State=UP\n'
  } >"$SLURM_CONF"
  printf 'CgroupPlugin=autodetect\n' >"$dir/etc/cgroup.conf"
  # This Slurm doesn't count a gpu without a device file, so copies of the null device stand for them.
  : >"$dir/etc/gres.conf"
  for i in 0 1; do
    [ -e "$dir/etc/gpu$i" ] || mknod "$dir/etc/gpu$i" c 1 3 2>/dev/null || touch "$dir/etc/gpu$i"
    printf 'NodeName=n[1-%d] Name=gpu File=%s\n' "$nodes" "$dir/etc/gpu$i" >>"$dir/etc/gres.conf"
  done
  [ -s "$dir/etc/munge.key" ] || (umask 077 && head -c 1024 /dev/urandom >"$dir/etc/munge.key")
}

daemons() {
  printf 'munged\nslurmctld\n'
  sed -n 's/^NodeName=\([^ ]*\).*/\1/p' "$SLURM_CONF" 2>/dev/null
}

running() {
  local name
  [ -s "$SLURM_CONF" ] || return 1
  for name in $(daemons); do alive "$name" || return 1; done
}

answering() {
  states=$(timeout 5 sinfo -h -N -o %T 2>/dev/null) && [ -n "$states" ] &&
    ! grep -qvxE 'idle|mixed|allocated|completing' <<<"$states"
}

up() {
  local name
  for name in munged slurmctld slurmd sbatch setsid flock; do
    command -v "$name" >/dev/null || die "$name is missing: install slurm-wlm and munge"
  done
  if running && answering; then show; return; fi
  for _ in 1 2 3; do
    stop_all
    configure "$@"
    launch munged
    for _ in {1..100}; do [ -S "$dir/run/munge.sock" ] && break; sleep 0.05; done
    for name in $(daemons); do [ "$name" = munged ] || launch "$name"; done
    for _ in {1..150}; do
      running || break
      if answering; then show; return; fi
      # A node that was drained or down when the cluster was last stopped.
      if [[ $states = *dr* || $states = *down* ]]; then
        timeout 5 scontrol update NodeName=ALL State=RESUME 2>/dev/null
      fi
      sleep 0.2
    done
    say "it didn't come up; the ends of the logs:"
    tail -n 5 "$dir"/log/*.log "$dir"/log/*.out >&2
  done
  stop_all
  die "the cluster did not come up"
}

show() { printf 'SLURM_CONF=%s\n' "$SLURM_CONF"; }

# Ends what the cluster's jobs started and could not end: whatever has the variables that every job is given.
kill_jobs() {
  local process
  for process in $(grep -slzxF "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ |
    xargs -r grep -slz '^SLURM_JOB_ID='); do
    process=${process//[!0-9]/}
    [ "$process" = $$ ] || kill -KILL "$process" 2>/dev/null
  done
}

stop_all() {
  local name
  if alive munged && alive slurmctld; then
    timeout 10 squeue -h -o %F 2>/dev/null | sort -u | timeout 20 xargs -r scancel 2>/dev/null
    for _ in {1..30}; do
      [ -n "$(timeout 5 squeue -h 2>/dev/null)" ] || break
      sleep 0.2
    done
  fi
  for name in $(daemons | tac); do halt "$name"; done
  kill_jobs
}

command=${1:-}
[ -n "${2:-}" ] || usage
mkdir -p "$2" || exit 1
dir=$(cd "$2" && pwd -P) || exit 1
[[ $dir =~ ^[A-Za-z0-9/._-]+$ ]] || die "Slurm's configuration cannot hold this folder's name: $dir"
[ ${#dir} -le 80 ] || die "too long for the names of the sockets in it (80 characters at most): $dir"
mkdir -p "$dir/run" "$dir/log" "$dir/etc" "$dir/state" "$dir/spool"
export SLURM_CONF=$dir/etc/slurm.conf
exec 9>"$dir/run/lock"
flock -w 120 9 || die "another call of this script works on $dir"
case $command in
  up) shift 2; up "$@" ;;
  down) stop_all ;;
  kill)
    alive "${3:-}" || die "not running: ${3:-}"
    kill -s "${4:-KILL}" "$pid" ;;
  start)
    daemons | grep -qxe "${3:-}" || die "not a daemon of this cluster: ${3:-}"
    ! alive "$3" || die "runs already: $3"
    launch "$3" ;;
  *) usage ;;
esac
