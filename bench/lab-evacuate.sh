#!/usr/bin/env bash
# lab-evacuate.sh [ROUNDS]: what it costs that ULM empties a host instead of a person with virsh. A host of six guests is drained two guests at a
# time; then the same guests go the same ways in the same order, two at a time, by `virsh migrate`. Each round (default 5) prints both times,
# from the first migration's begin to the last one's end, and what the whole command took; then the medians. Wanted: at most 15 % more.
# As root on Debian 12; takes the lab down at the end.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lab-server.sh"
rounds=${1:-5}
guests="g1 g2 g3 g4 g5 g6"

migrate() {   # migrate GUEST FROM TO
  virsh -q -c "qemu+tcp://10.77.0.1${2#h}/system" migrate --live --p2p --persistent --undefinesource "$1" "qemu+tcp://10.77.0.1${3#h}/system" </dev/null
}
export -f migrate

now() { date +%s.%N; }

begin_lab "limit migrations to 2 per host"
for g in $guests; do lab vm "$g" h1 0.02; done
for g in $guests; do wait_until ticks "$g"; done
start_server
wait_until told cpu 4

for round in $(seq "$rounds"); do
  before=$("$ROOT/ulm-server" journal --socket "$work/ulm.sock" --format json --count 1 | awk -F'[:,]' '/"sequence"/ { print $2 + 0 }')
  from=$(now)
  "$ROOT/ulm-server" drain h1 --socket "$work/ulm.sock" >"$work/drain" 2>&1 || { cat "$work/drain" >&2; exit 1; }
  to=$(now)
  "$ROOT/ulm-server" journal --socket "$work/ulm.sock" --format json --count 1000 |
    awk -F'"' -v before="$before" '/"sequence":/ { split($0, n, /[:,]/); late = n[2] + 0 > before } /"at":/ { at = $4 } /"kind":/ { kind = $4 }
      /"text":/ && late && (kind == "begun" || kind == "ended") && $4 ~ /^migrate vm/ { split($4, w, /[ :]/); print at, kind, w[3], w[5], w[7] }' > "$work/moves"
  [ "$(grep -c ended "$work/moves")" = 6 ] || { echo "not six moves:" >&2; cat "$work/moves" >&2; exit 1; }
  begun=$(date -d "$(awk '$2 == "begun" { print $1; exit }' "$work/moves")" +%s.%N)
  ended=$(date -d "$(awk '$2 == "ended" { at = $1 } END { print at }' "$work/moves")" +%s.%N)

  awk '$2 == "begun" { print $3, $5 }' "$work/moves" > "$work/order"
  "$ROOT/ulm-server" release h1 --socket "$work/ulm.sock" >/dev/null   # else what comes back would be moved away again
  while read -r g to_host; do migrate "$g" "$to_host" h1; done < "$work/order"
  by_hand=$(now)
  xargs -P 2 -L 1 bash -c 'migrate "$0" h1 "$1"' < "$work/order"
  done_by_hand=$(now)
  while read -r g to_host; do migrate "$g" "$to_host" h1; done < "$work/order"
  seen=$(grep -c "  cpu  " "$work/story")
  wait_until told cpu $((seen + 4))
  awk -v r="$round" -v times="$begun $ended $from $to $by_hand $done_by_hand" \
    'BEGIN { split(times, t); ulm = t[2] - t[1]; whole = t[4] - t[3]; hand = t[6] - t[5]
      printf "round %d: ULM %.2f s (whole command %.2f s), virsh %.2f s: %+.0f %% (%+.0f %%)\n", r, ulm, whole, hand, (ulm / hand - 1) * 100, (whole / hand - 1) * 100 }' | tee -a "$work/rounds"
done
median() { sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
printf 'medians: ULM %s s, whole command %s s, virsh %s s\n' \
  "$(awk '{ print $4 }' "$work/rounds" | median)" "$(awk '{ print $8 }' "$work/rounds" | median)" "$(awk '{ print $11 }' "$work/rounds" | median)"
