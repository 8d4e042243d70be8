# What a fresh Debian machine lacks. Sourced by ./ulm-server and ./run-tests; needs nothing itself but bash.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "this needs root: $*"; fi
}

# Debian packages, installed only where they are missing.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  say "installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The .NET 10 SDK: the one on the PATH, else one in ~/.dotnet, put there by Microsoft's own installer.
ensure_dotnet() {
  has_sdk() { command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; }
  has_sdk && return
  export DOTNET_ROOT=$HOME/.dotnet PATH="$HOME/.dotnet:$PATH"
  has_sdk && return
  ensure_packages curl ca-certificates libstdc++6 zlib1g
  say "installing the .NET 10 SDK into $DOTNET_ROOT"
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 --install-dir "$DOTNET_ROOT" >/dev/null
  has_sdk || die "the .NET 10 SDK could not be installed; see https://dotnet.microsoft.com/download"
}
