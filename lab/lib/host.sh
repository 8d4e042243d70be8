# shellcheck shell=bash
# Hosts: each is a network, mount, UTS and PID namespace with its own libvirtd and munin-node. Killing its first process
# ends everything in it at once, as a pulled plug does.

host_alive() { process_runs "$LAB/$1/init.pid"; }

in_host() { local h=$1; shift; nsenter -t "$(process_of "$LAB/$h/init.pid")" -n -m -u -p -r -- "$@"; }

# virsh inside the host, by its socket: it works with the cable pulled, and never for longer than a wedged libvirtd deserves.
host_virsh() { local h=$1; shift; in_host "$h" timeout 30 virsh -q -c qemu:///system "$@" >/dev/null; }

host_domains() { in_host "$1" timeout 30 virsh -q -c qemu:///system list --name "${@:2}" | sed '/^$/d'; }

host_guests() {
  host_alive "$1" || die "$1 is off"
  host_domains "$1" --state-running 2>/dev/null || die "$1: libvirtd does not answer"
}

host_config() {   # the private /etc and /var of one host
  local h=$1 d=$LAB/$1 plugin
  mkdir -p "$d"/{etc-libvirt/qemu,var-lib-libvirt,var-log-libvirt,var-cache-libvirt,etc-munin/plugins,etc-munin/plugin-conf.d,munin}
  cat > "$d/etc-libvirt/libvirtd.conf" <<EOC
listen_tls = 0
listen_tcp = 1
listen_addr = "$(ip_of "$h")"
auth_tcp = "none"
auth_unix_rw = "none"
unix_sock_group = "root"
host_uuid = "00000000-0000-4000-8000-0000000000$(printf %02x "${h#h}")"
keepalive_interval = 2
keepalive_count = 3
EOC
  cat > "$d/etc-libvirt/qemu.conf" <<EOC
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
stdio_handler = "file"
cgroup_controllers = []
namespaces = []
migration_address = "$(ip_of "$h")"
migration_host = "$h"
max_processes = 0
EOC
  cat > "$d/etc-munin/munin-node.conf" <<EOC
log_level 2
log_file $d/munin/node.log
pid_file /run/munin/munin-node.pid
background 1
setsid 1
user root
group root
host_name $h
allow ^.*\$
host *
port 4949
EOC
  printf '[*]\nuser root\nenv.MUNIN_LIBDIR /usr/share/munin\nenv.ULM_LAB_CPUS %s\n' "$(cat "$LAB/cpus")" > "$d/etc-munin/plugin-conf.d/lab"
  for plugin in memory load uptime diskstats libvirt-cputime libvirt-mem libvirt-blkstat; do
    ln -sf "/usr/share/munin/plugins/$plugin" "$d/etc-munin/plugins/$plugin"
  done
  ln -sf /usr/share/munin/plugins/if_ "$d/etc-munin/plugins/if_eth0"
  install -m 755 "$HERE/munin-cpu" "$d/etc-munin/plugins/cpu"
}

host_init() {   # runs as the first process of a host's namespaces
  local h=$1 d=$LAB/$1 pid
  # /proc is still the machine's: it tells this process the number by which the machine knows it.
  read -r pid _ < /proc/self/stat
  record_process "$d/init.pid" "$pid"
  hostname "$h"
  mount --make-rprivate /
  mount -t proc proc /proc
  mount -t tmpfs tmpfs /run
  mkdir -p /run/libvirt /run/munin /run/lock
  mount --bind "$d/etc-libvirt" /etc/libvirt
  mount --bind "$d/var-lib-libvirt" /var/lib/libvirt
  mount --bind "$d/var-log-libvirt" /var/log/libvirt
  mount --bind "$d/var-cache-libvirt" /var/cache/libvirt
  mount --bind "$d/etc-munin" /etc/munin
  ip link set lo up
  libvirtd --daemon --listen
  munin-node --config /etc/munin/munin-node.conf
  trap 'exit 0' TERM
  while :; do sleep 3600 & wait $! || true; done
}

# Power. The lock is for the moment of switching only, so that a host can be crashed while it boots.
switch_lock() {
  exec {switch}>"$LAB/$1/power.lock"
  flock -w 60 "$switch" || { log "$1: its power switch is held"; return 1; }
  [ "/proc/self/fd/$switch" -ef "$LAB/$1/power.lock" ] || { log "$1: the lab was taken down meanwhile"; return 1; }
}
switch_unlock() { if [ -n "${switch:-}" ]; then exec {switch}>&-; switch=; fi; }

host_start() {
  local h=$1 d=$LAB/$1
  switch_lock "$h"
  if ! host_alive "$h"; then
    rm -f "$d/init.pid"
    detached ip netns exec "ulm-$h" unshare --mount --uts --pid --fork --kill-child=KILL \
      bash "$SELF" host-init "$h" </dev/null >"$d/init.log" 2>&1 &
    local outer=$!
    disown
    wait_for 30 host_begun "$h" "$outer" || true
  fi
  switch_unlock
  host_alive "$h" || die "$h did not start: $(tail -n 1 "$d/init.log")"
}
host_begun() { host_alive "$1" || ! process_start "$2" >/dev/null; }

host_wait() {   # until libvirt and munin answer, asked from inside the host
  local h=$1 silent=libvirtd
  if ! wait_for 90 host_decided "$h"; then
    ! host_virsh "$h" uri 2>/dev/null || silent=munin-node
    die "$h: $silent did not answer within 90 s; its log ends: $(tail -n 1 "$LAB/$h/init.log")"
  fi
  host_alive "$h" || die "$h ended while it started: $(tail -n 1 "$LAB/$h/init.log")"
}
host_decided() { ! host_alive "$1" || { host_virsh "$1" uri 2>/dev/null && munin_banner in_host "$1"; }; }

host_reachable() {
  wait_for 20 munin_banner outside "$1" && timeout 20 virsh -q -c "qemu+tcp://$(ip_of "$1")/system" uri >/dev/null 2>&1
}

munin_talk() { printf '%s\n' "$2" quit | timeout 5 bash -c "exec 3<>/dev/tcp/$1/4949 && cat >&3 && cat <&3" 2>/dev/null; }
munin_cpu() { munin_talk "$(ip_of "$1")" 'fetch cpu' | awk '$1 == "user.value" { user = $2 } $1 == "idle.value" { print user, $2 }'; }
munin_banner() {   # munin_banner in_host|outside HOST
  local line
  if [ "$1" = in_host ]; then
    line=$(in_host "$2" timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/4949 && head -n 1 <&3" 2>/dev/null)
  else
    line=$(timeout 5 bash -c "exec 3<>/dev/tcp/$(ip_of "$2")/4949 && head -n 1 <&3" 2>/dev/null)
  fi
  [ "$line" = "# munin node at $2" ]
}

host_on() { host_start "$1"; host_wait "$1"; }

host_off() {   # orderly: its guests are ended, then the host
  local guest
  if host_alive "$1"; then
    for guest in $(host_domains "$1" 2>/dev/null); do host_virsh "$1" destroy "$guest" 2>/dev/null || true; done
  fi
  host_kill "$1"
}

host_crash() { host_alive "$1" || die "$1 is off"; host_kill "$1"; }

# The kernel lets go of a PID namespace's first process only when all the others have ended.
host_kill() { switch_lock "$1"; stop_process "$LAB/$1/init.pid"; switch_unlock; }

# Faults, and the way back from them.
munin_signal() {   # the whole process group: answers under way stop too
  host_alive "$1" || die "$1 is off"
  in_host "$1" bash -c "kill -$2 -- -\$(cat /run/munin/munin-node.pid)"
}
host_hang_munin()   { munin_signal "$1" STOP; }
host_resume_munin() { munin_signal "$1" CONT; }

host_kill_munin() { munin_signal "$1" KILL; }
host_start_munin() {
  host_alive "$1" || die "$1 is off"
  # Silent, and thus without a pipe of ours that it would keep open: it stays.
  munin_banner in_host "$1" || in_host "$1" munin-node --config /etc/munin/munin-node.conf </dev/null >/dev/null 2>&1 || true
  wait_for 20 munin_banner in_host "$1" || die "$1: munin-node does not answer"
}

# shellcheck disable=SC2016  # expanded inside the host
libvirtd_runs() { in_host "$1" bash -c '[ "$(cat "/proc/$(cat /run/libvirtd.pid)/comm")" = libvirtd ]' 2>/dev/null; }
libvirtd_gone() { ! libvirtd_runs "$1"; }

host_kill_libvirtd() {
  host_alive "$1" || die "$1 is off"
  libvirtd_runs "$1" || return 0
  # shellcheck disable=SC2016  # expanded inside the host
  in_host "$1" bash -c 'kill -KILL "$(cat /run/libvirtd.pid)"'
  wait_for 10 libvirtd_gone "$1" || die "$1: libvirtd does not end"
}

host_start_libvirtd() {
  host_alive "$1" || die "$1 is off"
  if ! libvirtd_runs "$1"; then
    # It may refuse because the host, booting, starts one too: what counts is that one answers.
    ( detached nsenter -t "$(process_of "$LAB/$1/init.pid")" -n -m -u -p -r -- libvirtd --daemon --listen </dev/null >>"$LAB/$1/init.log" 2>&1 ) || true
  fi
  wait_for 30 host_virsh "$1" uri 2>/dev/null || die "$1: libvirtd does not answer: $(tail -n 1 "$LAB/$1/init.log")"
}

# An emulator that it starts from now on gets less memory than it needs. The hard limit stays, so that it can be lifted.
host_starve() { libvirtd_may_have "$1" $((700 << 20)); }
host_feed() { libvirtd_may_have "$1" unlimited; }
libvirtd_may_have() {
  host_alive "$1" || die "$1 is off"
  # shellcheck disable=SC2016  # expanded inside the host
  in_host "$1" bash -c 'prlimit --pid "$(cat /run/libvirtd.pid)" --as="$0:unlimited"' "$2"
}

host_repair() {
  host_join "$1"
  if host_alive "$1"; then
    host_resume_munin "$1" 2>/dev/null || true   # none there yet where the host still boots
    host_start_munin "$1"
    host_start_libvirtd "$1"
    host_feed "$1"
  fi
}

# Guests on a host.
host_drop() {   # host_drop HOST GUEST: not running and not defined there any more
  if ! host_alive "$1"; then rm -f "$LAB/$1/etc-libvirt/qemu/$2.xml"; return; fi
  local all; all=$(host_domains "$1" --all 2>/dev/null) || return 1
  if grep -qx -- "$2" <<< "$all"; then
    host_virsh "$1" destroy "$2" 2>/dev/null || true   # it may be shut off
    host_virsh "$1" undefine "$2" --managed-save --snapshots-metadata 2>/dev/null || true   # a transient one is gone already
    ! host_domains "$1" --all | grep -qx -- "$2"
  fi
}

host_clear() {   # no guest left, even where libvirtd is stuck in a job
  local guest all
  if all=$(host_domains "$1" --all); then
    local ok=1
    for guest in $all; do host_drop "$1" "$guest" || ok=0; done
    [ $ok = 0 ] || return 0
  fi
  log "$1: libvirtd does not let go of its guests; restarting the host"
  host_kill "$1"
  rm -f "$LAB/$1"/etc-libvirt/qemu/*.xml
  host_on "$1"
}
