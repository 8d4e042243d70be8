#!/usr/bin/env bash
# lab-latency.sh [ROUNDS]: how long it takes from a condition that has held long enough to the call at libvirt, which is to be less than one
# polling interval and 250 ms. For each round (default 5) it prints, against the instant at which the rule's time was over (pending since, by
# ULM's journal, plus its `for`): when the rule fired, when the step was begun, and when the source's libvirtd was called, by its own log.
# As root on Debian 12; takes the lab down at the end.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lab-server.sh"
rounds=${1:-5}
hold=4   # seconds

begin_lab "policy relieve when host.cpu > 45% for ${hold}s then evacuate heaviest fitting vm"
lab vm light h1 0.1; lab vm heavy h1 0.1
wait_until ticks heavy
# libvirt writes down each call of its API on a domain, with the time.
lab exec h1 virt-admin -c libvirtd:///system daemon-log-filters "1:libvirt.domain" >/dev/null
lab exec h1 virt-admin -c libvirtd:///system daemon-log-outputs "1:file:/var/log/libvirt/calls.log" >/dev/null
start_server
wait_until told cpu 4

for round in $(seq "$rounds"); do
  lab load light 0.3; lab load heavy 0.4
  wait_until told "done" "$round"
  lab load light 0.05; lab load heavy 0.05
  virsh -q -c "qemu+tcp://$(lab where heavy | sed 's/^h/10.77.0.1/')/system" migrate --live --p2p --persistent --undefinesource heavy qemu+tcp://10.77.0.11/system
  seen=$(grep -c "  cpu  " "$work/story")
  wait_until told cpu $((seen + 4))
done

# The journal's entries as "seconds what"; the calls as "seconds called".
seconds() { while read -r at what; do printf '%s %s\n' "$(date -d "$at" +%s.%N)" "$what"; done; }
"$ROOT/ulm-server" journal --socket "$work/ulm.sock" --format json --count 10000 |
  awk -F'"' '/"at":/ { at = $4; kind = "" } /"kind":/ { kind = $4 } /"subject":/ { subject = $4 }
    /"outcome":/ { if (kind == "rule" && subject == "host/h1" && ($4 == "pending" || $4 == "firing")) print at, $4; if (kind == "begun") print at, "begun" }' |
  seconds > "$work/times"
sed -n 's/^\([0-9-]*\) \([0-9:.]*\)+0000: .*virDomainMigratePerform3Params:.*/\1T\2Z called/p' "$ULM_LAB_DIR/h1/var-log-libvirt/calls.log" | seconds >> "$work/times"
sort -n "$work/times" | awk -v hold="$hold" '
  $2 == "pending" { due = $1 + hold }
  $2 == "firing" { fired = $1 - due }
  $2 == "begun" { begun = $1 - due }
  $2 == "called" && begun != "" { n++; called = $1 - due; if (called > worst) worst = called
    printf "round %d: fired %4.0f ms, begun %4.0f ms, called at libvirt %4.0f ms after its time\n", n, fired * 1000, begun * 1000, called * 1000; begun = "" }
  END { if (!n) exit 1; printf "%d rounds at a polling interval of 2000 ms: at most %.0f ms\n", n, worst * 1000 }'
