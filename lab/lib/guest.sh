# shellcheck shell=bash
# Guests: a Debian kernel and a busybox initramfs, each with one small disk on the shared store.

MIN_MIB=80   # below about 70 the kernel can't unpack itself and starts over for ever, without a word

guest_image_ready() { [ -s "$IMAGE/vmlinuz" ] && [ -s "$IMAGE/initrd" ]; }

guest_image() {
  local tmp package version module file
  log "making the guests' kernel and initramfs"
  package=$(cloud_kernel)
  if [ -z "$package" ]; then apt_get update; package=$(cloud_kernel); fi
  [ -n "$package" ] || die "apt knows no linux-image-cloud-amd64"
  tmp=$(mktemp -d)
  ( cd "$tmp" && apt_get download "$package" )
  dpkg-deb -x "$tmp"/linux-image-*.deb "$tmp/kernel"
  version=$(basename "$tmp"/kernel/lib/modules/*)
  mkdir -p "$tmp"/root/{bin,lib/modules,proc,sys,dev}
  cp /bin/busybox "$tmp/root/bin/"
  for file in sh mount sed usleep dd head insmod; do ln -s busybox "$tmp/root/bin/$file"; done
  for module in virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_balloon qemu_fw_cfg; do
    file=$(find "$tmp/kernel/lib/modules/$version" -name "$module.ko" -print -quit)
    [ -z "$file" ] || cp "$file" "$tmp/root/lib/modules/"
  done
  install -m 755 "$HERE/lib/guest-init" "$tmp/root/init"
  ( cd "$tmp/root" && find . | cpio -o -H newc --quiet | gzip -1 ) > "$tmp/initrd"
  mkdir -p "$IMAGE"
  cp "$tmp/kernel/boot/vmlinuz-$version" "$IMAGE/vmlinuz"
  cp "$tmp/initrd" "$IMAGE/initrd.new"; mv "$IMAGE/initrd.new" "$IMAGE/initrd"   # last and at once: it says the image is whole
  rm -rf "$tmp"
}

# The image is kept across labs and shared by checkouts, under a name that changes when what goes into it does. An older one
# is left: another checkout may use it.
IMAGE=/var/cache/ulm-lab/guest-$({ cat "$HERE/lib/guest-init"; declare -f guest_image; } | sha256sum | cut -c1-12)

cloud_kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}'; }

known_guest() { [ -e "$LAB/store/$1.img" ] || die "no guest '$1' in this lab"; }

per_cent() {   # per_cent LOAD: 0..1 as three digits, the form that guests read from their disk
  [[ $1 =~ ^(0|1|0?\.[0-9]+|0\.|1\.0*)$ ]] || die "load '$1' is out of range: 0 to 1, the share of one CPU"
  LC_ALL=C awk -v load="$1" 'BEGIN { printf "%03d", load * 100 + 0.5 }'
}

guest_add() {
  local name=$1 h=$2 load mib=${4:-128} disk=$LAB/store/$1
  load=$(per_cent "${3:-0}")
  [[ $name =~ ^[a-z0-9][a-z0-9-]{0,39}$ ]] || die "guest name '$name' is not of small letters, digits and hyphens"
  if ! [[ $mib =~ ^[0-9]{1,6}$ ]] || [ "$mib" -lt $MIN_MIB ]; then
    die "memory '$mib' is not a number of MiB from $MIN_MIB on (the guest's kernel does not start in less)"
  fi
  known_host "$h"
  host_alive "$h" || die "$h is off"
  lock_lab
  [ ! -e "$disk.img" ] || die "there is a guest '$name' already"
  if ! guest_disk "$name" "$load" ||
     ! guest_xml "$name" "$mib" "$load" > "$disk.xml" ||
     ! host_virsh "$h" define "$disk.xml" || ! host_virsh "$h" start "$name"; then
    host_virsh "$h" undefine "$name" 2>/dev/null || true
    guest_forget "$name"
    die "guest '$name' did not start on $h"
  fi
}

# The disk is a network block device from one place, so that live migration copies memory only. Its port is never
# given out twice in a lab: a QEMU that still ends would find another guest's disk there.
guest_disk() {
  local name=$1 disk=$LAB/store/$1 port=10800
  [ ! -s "$LAB/store/next-port" ] || port=$(cat "$LAB/store/next-port")
  echo $((port + 1)) > "$LAB/store/next-port"
  echo "$port" > "$disk.port"
  printf '%s000' "$2" > "$disk.img"
  truncate -s 1M "$disk.img"
  # --fork returns once it listens. The cache is the page cache, so that it serves what guest_load writes.
  ( detached qemu-nbd --fork --pid-file="$disk.nbd" --persistent --shared=0 --format=raw --export-name="$name" \
      --bind="$NET.1" --port="$port" --cache=writeback "$disk.img" </dev/null >"$disk.log" 2>&1 ) ||
    { log "$name: its disk is not served: $(tail -n 1 "$disk.log")"; return 1; }
  record_process "$disk.pid" "$(cat "$disk.nbd")"
}

guest_xml() {   # guest_xml NAME MIB LOAD
  local type=qemu; [ "${ULM_LAB_KVM:-0}" != 1 ] || type=kvm   # emulated by default: it runs on every machine
  cat <<EOX
<domain type='$type'>
  <name>$1</name>
  <memory unit='MiB'>$2</memory>
  <vcpu>1</vcpu>
  <cpu mode='custom' match='exact' check='none'><model fallback='allow'>qemu64</model></cpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <kernel>$IMAGE/vmlinuz</kernel><initrd>$IMAGE/initrd</initrd><cmdline>console=ttyS0 panic=-1 ulm.load=$((10#$3))</cmdline>
  </os>
  <features><acpi/></features>
  <on_poweroff>destroy</on_poweroff><on_crash>destroy</on_crash>
  <devices>
    <emulator>$HERE/lib/guest-qemu</emulator>
    <disk type='network' device='disk'>
      <driver name='qemu' type='raw' cache='none'/>
      <source protocol='nbd' name='$1'><host name='$NET.1' port='$(cat "$LAB/store/$1.port")'/></source>
      <target dev='vda' bus='virtio'/>
    </disk>
    <serial type='file'><source path='/var/log/libvirt/$1.console'/></serial>
    <memballoon model='virtio'><stats period='5'/></memballoon>
  </devices>
</domain>
EOX
}

guest_load() {
  local load; load=$(per_cent "$2")
  known_guest "$1"
  printf '%s' "$load" | dd of="$LAB/store/$1.img" conv=notrunc status=none
}

guest_dirty() {   # what a guest writes over each second, in MiB: at most half of the smallest one's memory
  if ! [[ $2 =~ ^[0-9]{1,2}$ ]] || [ "$((10#$2))" -gt 40 ]; then die "dirty '$2' is not a number of MiB from 0 to 40"; fi
  known_guest "$1"
  printf '%03d' "$((10#$2))" | dd of="$LAB/store/$1.img" bs=1 seek=3 conv=notrunc status=none
}

guest_rm() {
  local h
  lock_lab
  for h in $(hosts); do host_drop "$h" "$1" || die "$h: libvirtd does not remove '$1'; try 'ulm-lab reset'"; done
  guest_forget "$1"
}

guest_forget() {   # its place in the store, once no host runs it
  stop_process "$LAB/store/$1.pid"
  rm -f "$LAB/store/$1".{img,port,xml,nbd,log} "$LAB"/h*/var-log-libvirt/"$1.console"
}
guests_forget() { local f; for f in "$LAB"/store/*.img; do [ ! -e "$f" ] || guest_forget "$(basename "$f" .img)"; done; }

# While a migration runs, the target has the guest too, but paused.
guest_where() {
  local h
  for h in $(hosts); do
    if host_alive "$h" && host_guests "$h" | grep -qx "$1"; then echo "$h"; return; fi
  done
  die "guest '$1' runs on no host"
}

guest_console() { local h; h=$(guest_where "$1"); tail -n 20 "$LAB/$h/var-log-libvirt/$1.console"; }

# Each host writes a console file of its own, so a tick read from the host where the guest runs was made there.
guest_ticks() {
  local h last
  h=$(guest_where "$1")
  last=$(tr -d '\r' < "$LAB/$h/var-log-libvirt/$1.console" | sed -n 's/^tick \([0-9]\{1,\}\)$/\1/p' | tail -n 1)
  echo "${last:-0}"
}
