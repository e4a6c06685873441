#!/usr/bin/env bash
# A real S3 server for tests, on the loopback address only, with one bucket:
# versitygw, a Go program that keeps objects as plain files.
#
#   s3.sh install                 build versitygw into Go's bin folder (minutes, once)
#   s3.sh up DIR [KEY=VALUE …]    start, or leave running; prints KEY=VALUE lines
#   s3.sh pause DIR               connections are taken and never answered …
#   s3.sh resume DIR              … until now
#   s3.sh down DIR                stop it; DIR and its objects are kept
#   s3.sh status DIR              exit 0 when it answers
#
# Settings:
#   bucket=NAME access=KEY secret=SECRET   test, test-access, test-secret where not said
#   region=NAME          us-east-1 where not said
#   port=N               this port (else a free one, kept for the next `up`)
#   read-only=yes        every write is refused
#
# An object is the file DIR/data/BUCKET/KEY: a test may damage it.
# A shell takes the variables with:  export $(s3.sh up DIR)
# They are those that AWS's own clients read, and S3_BUCKET. Addresses are of the
# path style: AWS_ENDPOINT_URL/BUCKET/KEY.
set -u
umask 022
version=v1.8.0

. "$(dirname -- "${BASH_SOURCE[0]}")/daemons.sh"

directory() {
  [ -n "${1:-}" ] || usage
  case $command in
    up) mkdir -p "$1" || exit 1 ;;
    down) [ -d "$1" ] || exit 0 ;;
    *) [ -d "$1" ] || die "no such folder: $1" ;;
  esac
  dir=$(cd "$1" && pwd -P) || exit 1
  mkdir -p "$dir/run" "$dir/log" "$dir/etc" "$dir/data" "$dir/meta" "$dir/iam"
  exec 9>"$dir/run/lock"
  flock -w 600 9 || die "another call of this script works on $dir"
}

# Where versitygw is: on the path, or where `go install` puts it.
find_versitygw() {
  local bin
  program=$(command -v versitygw) && return
  command -v go >/dev/null || return
  bin=$(go env GOBIN)
  program=${bin:-$(go env GOPATH)/bin}/versitygw
  [ -x "$program" ]
}

install() {
  command -v go >/dev/null || die "no Go here"
  say "building versitygw $version; this takes minutes the first time"
  nice -n 10 go install "github.com/versity/versitygw/cmd/versitygw@$version" >&2
}

launch() {
  # --iam-dir: without it an unknown access key is answered 404, not AWS's 403.
  export ROOT_ACCESS_KEY="$access" ROOT_SECRET_KEY="$secret"
  spawn versitygw "$program" --port "127.0.0.1:$port" --region "$region" --health /health --quiet \
    --keep-alive --iam-dir "$dir/iam" "$@" posix --sidecar "$dir/meta" "$dir/data"
}

# A signed request; prints the status. (curl 7.88 does not send this header by
# itself, and versitygw wants it.)
signed() {
  local method=$1 path=$2
  curl -s -o /dev/null -w '%{http_code}' -m 5 --noproxy '*' -X "$method" \
    --aws-sigv4 "aws:amz:$region:s3" -u "$access:$secret" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "http://127.0.0.1:$port$path"
}

answering() { [ "$(signed GET "/$bucket?max-keys=0")" = 200 ]; }

settings() {
  local pair
  bucket=test access=test-access secret=test-secret region=us-east-1 read_only=no
  port=$(cat "$dir/etc/port" 2>/dev/null)
  for pair in "$@"; do
    case $pair in
      bucket=* | access=* | secret=* | region=* | port=*) printf -v "${pair%%=*}" %s "${pair#*=}" ;;
      read-only=yes | read-only=no) read_only=${pair#*=} ;;
      *) die "no such setting: $pair" ;;
    esac
  done
  [ -n "$port" ] || free_port
}

up() {
  local name
  for name in curl setsid flock; do
    command -v "$name" >/dev/null || die "$name is missing: install Debian's curl and util-linux"
  done
  if alive versitygw; then
    known && answering || die "it runs, and does not answer"
    cat "$dir/env"
    return
  fi
  settings "$@"
  find_versitygw || die "versitygw is missing: ${0##*/} install"
  for _ in 1 2 3; do
    printf '%s\n' "$port" >"$dir/etc/port"
    launch
    if bucket_there; then
      if [ "$read_only" = no ]; then show; return; fi
      halt versitygw
      launch --readonly
      if bucket_there; then show; return; fi
    fi
    tail -n 10 "$dir/log/versitygw.out" >&2
    halt versitygw
    [[ " $* " = *" port="* ]] && break
    free_port
  done
  die "the server did not come up"
}

# Waits until the bucket is listed, making it where there is none.
bucket_there() {
  local status
  for _ in {1..200}; do
    alive versitygw || return 1
    status=$(signed GET "/$bucket?max-keys=0")
    if [ "$status" = 200 ]; then return; fi
    if [ "$status" = 404 ]; then signed PUT "/$bucket" >/dev/null; fi
    sleep 0.1
  done
  return 1
}

show() {
  {
    printf 'AWS_ENDPOINT_URL=http://127.0.0.1:%s\n' "$port"
    printf 'AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\nAWS_REGION=%s\n' "$access" "$secret" "$region"
    printf 'S3_BUCKET=%s\n' "$bucket"
  } | tee "$dir/env"
}

known() {
  local name value
  while IFS='=' read -r name value; do
    case $name in
      AWS_ENDPOINT_URL) port=${value##*:} ;;
      AWS_ACCESS_KEY_ID) access=$value ;;
      AWS_SECRET_ACCESS_KEY) secret=$value ;;
      AWS_REGION) region=$value ;;
      S3_BUCKET) bucket=$value ;;
    esac
  done <"$dir/env"
}

command=${1:-}
case $command in
  install) install ;;
  up) directory "${2:-}"; shift 2; up "$@" ;;
  pause) directory "${2:-}"; alive versitygw || die "it does not run"; kill -STOP "$pid" ;;
  resume) directory "${2:-}"; alive versitygw || die "it does not run"; kill -CONT "$pid" ;;
  down) directory "${2:-}"; halt versitygw ;;
  status) directory "${2:-}"; alive versitygw && known && answering ;;
  *) usage ;;
esac
