#!/usr/bin/env bash
# demo.sh: ULM's main job in three minutes, on three real hosts of the lab (see README.md beside this file, and docs/demo.md for how to
# read the screen). Needs root on Debian 12; installs and builds what it lacks.
#
# Exit: 0 only if all of it really happened, by what virsh, ipmitool and the guests' consoles say; else 1.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
ROOT=$(dirname "$HERE")
export ULM_LAB_DIR=${ULM_LAB_DIR:-/tmp/ulm-lab-demo}
WORK=$(mktemp -d)
SERVER=
FAILED=0

say()   { printf '\n\e[1m%s\e[0m\n' "$*"; }
lab()   { "$HERE/ulm-lab" "$@"; }
check() { if "${@:2}"; then printf '  ok      %s\n' "$1"; else printf '  FAILED  %s\n' "$1"; FAILED=1; fi; }
if [ ! -t 1 ] || [ -n "${NO_COLOR:-}" ]; then say() { printf '\n%s\n' "$*"; }; fi

finish() {   # also when something went wrong, or somebody had enough
  local code=$?
  trap - EXIT INT TERM
  if [ -n "$SERVER" ]; then kill -TERM "$SERVER" 2>/dev/null && wait "$SERVER" || code=1; fi
  lab down || code=1
  rm -rf "$WORK"
  exit "$code"
}

# The screen shows what the server tells; `wait_for TEXT COUNT SECONDS` waits until it has told that so often.
tells() { local n; n=$(grep -c -- "$1" "$WORK/story") || true; [ "$n" -ge "$2" ]; }
wait_for() {
  local end=$((SECONDS + $3))
  until tells "$1" "$2"; do
    if [ $SECONDS -ge $end ] || ! kill -0 "$SERVER" 2>/dev/null; then say "The server did not tell \"$1\" within $3 s."; exit 1; fi
    sleep 0.2
  done
}

running() { virsh -q -c "qemu+tcp://10.77.0.1$1/system" list --name --state-running 2>/dev/null | sed '/^$/d'; }
bmc() { ipmitool -I lan -H 127.0.0.1 -p "900$1" -U ulm -f "$ULM_LAB_DIR/bmc.password" chassis power status; }
is_off() { [ "$(bmc "$1")" = "Chassis Power is off" ] && ! timeout 5 virsh -q -c "qemu+tcp://10.77.0.1$1/system" uri >/dev/null 2>&1; }
is_on() { [ "$(bmc "$1")" = "Chassis Power is on" ]; }
home() { local h at=(); for h in 1 2 3; do ! running "$h" | grep -qx "$1" || at+=("h$h"); done; echo "${at[*]}"; }   # all hosts that run a guest
one_of() { [ "$1" = "$2" ] || [ "$1" = "$3" ]; }
runs_once() { local at; at=$(home "$1"); [ "$(wc -w <<< "$at")" = 1 ]; }
ticks() { lab ticks "$1" 2>/dev/null || echo 0; }
ticks_on() { local end=$((SECONDS + 30)); until [ "$(ticks "$1")" -gt "$2" ]; do [ $SECONDS -lt $end ] || return 1; sleep 0.5; done; }
show_lab() { lab status | sed 's/^/  /'; }

main() {
  say "Building ULM, and a lab of three hosts: each with libvirt, munin and a BMC of its own."
  "$ROOT/ulm-server" version
  lab install
  lab up 3
  say "Three guests, all at work: web1, web2 and db1 on h1."
  lab vm web1 h1 0.1; lab vm web2 h1 0.1; lab vm db1 h1 0.1
  local guest
  for guest in web1 web2 db1; do ticks_on "$guest" 0; done

  mkdir "$WORK/policies"
  cat > "$WORK/policies/demo.ulm" <<'POLICY'
when host.cpu > 50% for 10s then evacuate heaviest fitting vm
always keep 1 hosts on
POLICY
  { lab config --policies "$WORK/policies" --store "$WORK/ulm.db" --socket "$WORK/ulm.sock"; printf '\n[limits]\nidle-time = "5s"\n'; } > "$WORK/ulm.toml"
  say "The first sentence (in daily life: 75%, 10m):"
  sed 's/^/  /' "$WORK/policies/demo.ulm"
  say "ulm-server run: the figures are munin's, polled every 2 s."
  : > "$WORK/story"
  "$ROOT/ulm-server" run --config "$WORK/ulm.toml" --figures > >(tee "$WORK/story") 2> >(tee "$WORK/errors" >&2) &
  SERVER=$!
  wait_for '  cpu  ' 3 30

  say "The day's load comes: db1 takes 40 % of a CPU, web1 and web2 15 % each. h1 passes the mark."
  lab load db1 0.4; lab load web1 0.15; lab load web2 0.15
  local tick_db1; tick_db1=$(ticks db1)
  wait_for '  done .*migrate vm db1' 1 60
  local moved; moved=$(home db1)
  say "What is true now, by virsh and the guest's console:"
  check "db1, the heaviest, runs on $moved and nowhere else" one_of "$moved" h2 h3
  check "it ticks on: $tick_db1 before the move, $(ticks db1) now" ticks_on db1 "$tick_db1"
  wait_for '  cpu  ' $(($(grep -c '  cpu  ' "$WORK/story") + 3)) 30

  # The kind of day it is today, so that the time comes today.
  local days=weekdays at; at=$(date -d '+72 seconds' +%H:%M)
  case $(date -d '+72 seconds' +%u) in 6|7) days=weekends ;; esac
  say "Evening: all guests calm down, and the second sentence is added while the server runs (in daily life: at 20:00):"
  lab load db1 0.05; lab load web1 0.05; lab load web2 0.05
  echo "at $at $days consolidate and power off idle hosts" | tee "$WORK/evening" | sed 's/^/  /'
  mv "$WORK/evening" "$WORK/policies/evening.ulm"
  local -A before; for guest in web1 web2 db1; do before[$guest]=$(ticks "$guest"); done
  wait_for '  done .*power off host' 2 120

  say "What is true now, by the lab's own tools:"
  show_lab
  local n on=0 off=0
  for n in 1 2 3; do
    if is_off "$n"; then off=$((off + 1)); elif is_on "$n"; then on=$((on + 1)); fi
    printf '  BMC of h%s: %s\n' "$n" "$(bmc "$n")"
  done
  check "passing the mark brought one live migration, no more" [ "$(sed '/reloaded/,$d' "$WORK/story" | grep -c '  begun  ')" = 1 ]
  check "the evening's power-offs, by the BMCs: two hosts off and gone, one on" [ "$on $off" = "1 2" ]
  for guest in web1 web2 db1; do
    check "$guest runs exactly once, on $(home "$guest")" runs_once "$guest"
    check "$guest ticks on: ${before[$guest]} before the evening, $(ticks "$guest") now" ticks_on "$guest" "${before[$guest]}"
  done
  kill -TERM "$SERVER"; wait "$SERVER" || { say "The server did not end cleanly."; FAILED=1; }
  SERVER=
  check "the server told no error" [ ! -s "$WORK/errors" ]
  say "$([ $FAILED = 0 ] && echo "All of it really happened, in $SECONDS s." || echo "Not all of it happened.")"
  return $FAILED
}

trap finish EXIT INT TERM
main
