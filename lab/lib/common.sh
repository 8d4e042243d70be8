# shellcheck shell=bash
# What all parts of the lab share: where things are, how to fail, and processes known by more than their number.

LAB=$(realpath -m "${ULM_LAB_DIR:-/tmp/ulm-lab}")
NET=10.77.0
BRIDGE=ulmbr0
LOCK=/run/ulm-lab.lock   # one for the machine: there can be only one lab on it

log()   { printf 'ulm-lab: %s\n' "$*" >&2; }
die()   { log "$*"; exit 1; }
usage() { log "$*"; exit 2; }

takes() {   # takes MIN MAX USAGE ARG...
  local min=$1 max=$2 text=$3; shift 3
  if [ $# -lt "$min" ] || [ $# -gt "$max" ]; then usage "usage: ulm-lab $text"; fi
}

ip_of() { echo "$NET.$((10 + ${1#h}))"; }

hosts() { local i; for ((i = 1; ; i++)); do [ -d "$LAB/h$i" ] || return 0; echo "h$i"; done; }

# The folder of the lab that is up on this machine, or nothing. The bridge carries it as its alias, so that
# it is true exactly as long as the bridge is there: a file would survive a reboot.
lab_holder() { [ ! -r "/sys/class/net/$BRIDGE/ifalias" ] || cat "/sys/class/net/$BRIDGE/ifalias"; }

lab_up() {
  if [ "$(lab_holder)" != "$LAB" ] || [ ! -e "$LAB/.ulm-lab" ]; then die "no lab is up in $LAB; 'ulm-lab up' starts one"; fi
}
known_host() { [[ $1 =~ ^h[0-9]+$ && -d $LAB/$1 ]] || die "no host '$1' in this lab; it has $(hosts | tr '\n' ' ')"; }

# Commands that change the whole lab take turns.
lock_lab() { exec {lab_lock}>"$LOCK"; flock -w 120 "$lab_lock" || die "another ulm-lab has been at work for 2 minutes; try again later"; }

apt_get() {
  local out
  out=$(DEBIAN_FRONTEND=noninteractive apt-get -q -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=120 "$@" </dev/null 2>&1) ||
    { printf '%s\n' "$out" | tail -n 5 >&2; die "apt-get $1 failed"; }
}

# A process is known by number and start time: numbers are used again.
process_start() {
  local line
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 1
  line=${line##*) }
  # shellcheck disable=SC2086  # the fields of stat from the third on
  set -- $line
  [ "$1" != Z ] && echo "${20}"   # a zombie has ended, whatever `kill -0` says of it
}

record_process() { echo "$2 $(process_start "$2")" > "$1"; }   # record_process FILE PID

process_runs() {   # process_runs FILE: the process that the file names still runs
  local pid start
  { read -r pid start < "$1"; } 2>/dev/null || return 1
  [ -n "$start" ] && [ "$(process_start "$pid")" = "$start" ]
}

process_of() { local pid; read -r pid _ < "$1"; echo "$pid"; }

stop_process() {   # stop_process FILE: kill it, wait until it has ended, forget it
  if process_runs "$1"; then
    kill -KILL "$(process_of "$1")" 2>/dev/null || true
    wait_for 30 process_ended "$1" || { log "process $(process_of "$1") does not end"; return 1; }
  fi
  rm -f "$1"
}
process_ended() { ! process_runs "$1"; }

wait_for() {   # wait_for SECONDS COMMAND...
  local deadline=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $deadline ] || return 1; sleep 0.05; done
}

# Runs a command that is to outlive this one. It inherits nothing but its three streams: an inherited pipe would make the
# caller wait for its end for ever, an inherited flock would stay held, and a host that a BMC powers on would hold the BMC's port.
detached() {   # detached CMD...; in the background: its process is $!
  cd /
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do fd=${fd##*/}
    if [ "$fd" -gt 2 ] && [ "$fd" -lt 255 ]; then eval "exec $fd>&-"; fi
  done
  exec setsid env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 ULM_LAB_DIR="$LAB" "$@"
}
