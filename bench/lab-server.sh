# shellcheck shell=bash
# For the measurements beside this file: a lab of three hosts with a server on it, both gone when the script ends.
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
export ULM_LAB_DIR=${ULM_LAB_DIR:-/tmp/ulm-lab-bench}
work=$(mktemp -d)
server=

lab() { "$ROOT/lab/ulm-lab" "$@"; }

end_lab() {
  local code=$?
  trap - EXIT INT TERM
  if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null && wait "$server" || code=1; fi
  lab down || code=1
  rm -rf "$work"
  exit "$code"
}

begin_lab() {   # begin_lab POLICIES
  "$ROOT/ulm-server" version
  trap end_lab EXIT INT TERM
  lab install
  lab up 3
  mkdir "$work/policies"
  printf '%s\n' "$1" > "$work/policies/bench.ulm"
  lab config --policies "$work/policies" --store "$work/ulm.db" --socket "$work/ulm.sock" > "$work/ulm.toml"
}

start_server() {
  : > "$work/story"
  "$ROOT/ulm-server" run --config "$work/ulm.toml" --figures > "$work/story" &
  server=$!
  wait_until told server 1
}

told() { [ "$(grep -c "  $1 *  " "$work/story")" -ge "$2" ]; }   # told LABEL COUNT: the server told that many such lines

ticks() { local n; n=$(lab ticks "$1" 2>/dev/null) && [ "$n" -gt 2 ]; }   # ticks GUEST: it has booted

wait_until() {   # wait_until TEST...: for at most 60 s
  local end=$((SECONDS + 60))
  until "$@"; do
    if [ $SECONDS -ge $end ]; then echo "not within 60 s: $*" >&2; cat "$work/story" >&2; exit 1; fi
    sleep 0.1
  done
}
