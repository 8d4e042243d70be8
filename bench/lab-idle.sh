#!/usr/bin/env bash
# lab-idle.sh [SECONDS]: what `ulm-server run` takes on three idle hosts of the lab, polled every 2 s: resident memory and CPU time over
# that long (default 60), after 15 s to settle. As root on Debian 12; takes the lab down at the end.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lab-server.sh"
length=${1:-60}

begin_lab 'when host.cpu > 75% for 10m then evacuate heaviest fitting vm
always keep 1 hosts on
at 20:00 weekdays consolidate and power off idle hosts'
for n in 1 2 3; do lab vm "idle$n" "h$n" 0; done
start_server
sleep 15
cpu_ticks() { awk '{ print $14 + $15 }' <<< "$(sed 's/.*) /0 0 /' "/proc/$server/stat")"; }
before=$(cpu_ticks)
most=0
for _ in $(seq "$length"); do
  sleep 1
  rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$server/status")
  [ "$rss" -le "$most" ] || most=$rss
done
after=$(cpu_ticks)
awk -v rss="$most" -v ticks=$((after - before)) -v s="$length" -v hz="$(getconf CLK_TCK)" \
  'BEGIN { printf "over %d s: at most %.0f MB resident, %.2f %% of one CPU\n", s, rss * 1024 / 1e6, 100 * ticks / hz / s }'
