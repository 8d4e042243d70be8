# shellcheck shell=bash
# The hosts' network: one bridge on the machine, with a cable from each host and the address from which disks are served.

bridge_up() {
  ip link show "$BRIDGE" >/dev/null 2>&1 && return
  ip link add "$BRIDGE" type bridge
  ip link set "$BRIDGE" alias "$LAB"
  ip addr add "$NET.1/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
}

host_plug_in() {
  local h=$1
  [ ! -e "/run/netns/ulm-$h" ] || [ ! -e "/sys/class/net/ulmv${h#h}" ] || return 0
  host_unplug "$h"
  ip netns add "ulm-$h"
  ip link add "ulmv${h#h}" type veth peer name eth0 netns "ulm-$h"
  ip link set "ulmv${h#h}" master "$BRIDGE" up
  ip -n "ulm-$h" addr add "$(ip_of "$h")/24" dev eth0
  ip -n "ulm-$h" link set eth0 up
  ip -n "ulm-$h" link set lo up
  ip -n "ulm-$h" route add default via "$NET.1"
}

host_unplug() {
  local pid
  # The cable before the namespace: with the namespace it goes too, but at a time of the kernel's choosing.
  [ ! -e "/sys/class/net/ulmv${1#h}" ] || ip link del "ulmv${1#h}"
  if [ -e "/run/netns/ulm-$1" ]; then
    for pid in $(ip netns pids "ulm-$1"); do kill -KILL "$pid" 2>/dev/null || true; done   # none, unless the lab's folder was lost
    ip netns del "ulm-$1"
  fi
  rm -rf "/etc/netns/ulm-$1"
}

host_is_cut() { [ $(($(cat "/sys/class/net/ulmv${1#h}/flags") & 1)) = 0 ]; }
host_cut()  { ip link set "ulmv${1#h}" down; }
host_part() { ip -n "ulm-$1" route replace unreachable "$(ip_of "$2")/32"; }   # host_part HOST OTHER: everybody else reaches both
# To the ports that QEMU takes guests on (49152 to 49215), as a firewall does that answers nothing.
host_shut() { ip netns exec "ulm-$1" iptables -I INPUT -p tcp --dport 49152:49215 -j DROP; }
host_join() {
  ip -n "ulm-$1" route flush type unreachable
  ip netns exec "ulm-$1" iptables -F INPUT
  ip link set "ulmv${1#h}" up
  # What could not be reached while the cable was out counts as unreachable for seconds more, unless it is forgotten.
  ip -n "ulm-$1" neigh flush all
  ip neigh flush dev "$BRIDGE"
}

# The names of all hosts, on the machine and in each host. Files are rewritten, not replaced: they may be mounted.
name_hosts() {
  local i known
  unname_hosts "$1"
  [ -z "$(tail -c 1 /etc/hosts)" ] || echo >> /etc/hosts
  for i in $(seq "$1"); do echo "$(ip_of "h$i") h$i # ulm-lab"; done >> /etc/hosts
  for i in $(seq "$1"); do
    known=$(getent ahostsv4 "h$i" | awk '{print $1; exit}')
    [ "$known" = "$(ip_of "h$i")" ] || die "this machine knows h$i as $known already; the lab needs that name"
    mkdir -p "/etc/netns/ulm-h$i"
    { echo "127.0.0.1 localhost"; echo "$NET.1 ulm-controller"; grep '# ulm-lab$' /etc/hosts; } > "/etc/netns/ulm-h$i/hosts"
  done
}
unname_hosts() {   # unname_hosts HOSTS: all names from /etc/hosts, and what the hosts after that number were to be told
  local rest folder
  for folder in /etc/netns/ulm-h*; do
    [ ! -d "$folder" ] || [ "${folder##*/ulm-h}" -le "$1" ] || rm -rf "$folder"
  done
  grep -q '# ulm-lab$' /etc/hosts || return 0
  rest=$(sed '/# ulm-lab$/d' /etc/hosts; echo .)
  printf '%s' "${rest%.}" > /etc/hosts
}
