# shellcheck shell=bash
# A host's baseboard controller: OpenIPMI's ipmi_sim, whose chassis power really ends or starts the host.

BMC_USER=ulm
BMC_PASSWORD=ulm

bmc_port() { echo $((9000 + ${1#h})); }

bmc_start() {
  local h=$1 d=$LAB/$1/bmc
  ! process_runs "$d/pid" || return 0
  mkdir -p "$d/state"
  # ipmi_sim calls it as: chassis MC get|set WHAT [VALUE], and waits for it. It has to close what it inherits: a host that it
  # starts would keep the BMC's port. Power off is the switch, at once; `soft` asks the host to go down in order.
  cat > "$d/chassis" <<EOC
#!/bin/bash
exec 2>>'$d/chassis.log'
for fd in /proc/\$\$/fd/*; do fd=\${fd##*/}; if [ \$fd -gt 2 ] && [ \$fd -lt 255 ]; then eval "exec \$fd>&-"; fi; done
echo "\$(date +%T) \$*" >&2
lab() { ULM_LAB_DIR='$LAB' bash '$SELF' "\$@" >&2 </dev/null; }
# What a BMC may do to whoever gives it orders; see bmc_behave.
[ \$2 != set ] || case \$(cat '$d/behaviour' 2>/dev/null) in
  refuse) exit 1 ;;
  late) ( sleep 10; "\$0" \$1 now \$3 \${4:-} ) >&2 </dev/null & exit 1 ;;
  deaf) [ \$3:\${4:-} != power:1 ] || exit 0 ;;
esac
case \${2/now/set}:\$3:\${4:-} in
  get:power:*) if lab host-alive $h; then echo power:1; else echo power:0; fi ;;
  set:power:1) lab on $h & ;;
  set:power:*) lab crash $h ;;
  set:shutdown:*) lab off $h & ;;
  set:reset:*) lab crash $h; lab on $h & ;;
esac
exit 0
EOC
  chmod +x "$d/chassis"
  cat > "$d/lan.conf" <<EOC
name "$h"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 $(bmc_port "$h")
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa1234567890000$(printf %02x "${h#h}")
  endlan
  chassis_control "$d/chassis 0x20"
  user 1 true  ""    "" user 10 none md2 md5 straight
  user 2 true  "$BMC_USER" "$BMC_PASSWORD" admin 10 none md2 md5 straight
EOC
  printf '%s\n' 'mc_setbmc 0x20' 'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr' 'mc_enable 0x20' > "$d/emu"
  ! ss -Hlun "sport = :$(bmc_port "$h")" | grep -q . || die "$h: port $(bmc_port "$h") of this machine is taken; its BMC needs it"
  detached ipmi_sim -c "$d/lan.conf" -f "$d/emu" -s "$d/state" -n </dev/null >"$d/sim.log" 2>&1 &
  record_process "$d/pid" $!
  disown   # bash is not to say that it was killed, when it was
}

# well: as it should; refuse: takes no order; late: says no, and carries the order out 10 s later all the same; deaf: takes the order to power on,
# and nothing comes of it.
bmc_behave() {
  case $2 in
    well) rm -f "$LAB/$1/bmc/behaviour" ;;
    refuse|late|deaf) echo "$2" > "$LAB/$1/bmc/behaviour" ;;
    *) usage "a BMC behaves well, or it is to refuse, to be late, or to be deaf" ;;
  esac
}

bmc_wait() {
  wait_for 20 bmc_answers "$1" || die "$1: its BMC does not answer at 127.0.0.1:$(bmc_port "$1"): $(tail -n 1 "$LAB/$1/bmc/sim.log")"
}

bmc_answers() {
  timeout 10 ipmitool -I lan -H 127.0.0.1 -p "$(bmc_port "$1")" -U "$BMC_USER" -f "$LAB/bmc.password" chassis power status 2>/dev/null |
    grep -qx 'Chassis Power is on'
}

host_remove() {   # its BMC first: that powers hosts on
  stop_process "$LAB/$1/bmc/pid"
  host_kill "$1"
  host_unplug "$1"
}
