#!/usr/bin/env bash
# build.sh PROJECT TAG [DOCKERFILE]: builds a step's own Dockerfile, or another, unchanged, where there is no Docker
# daemon. What this machine needs to reach its registries (npm's settings and tokens, a certificate authority, proxies,
# apt's options) is mounted for the duration of the build and so ends in no layer.
set -euo pipefail
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}"
project="${1:?usage: build.sh PROJECT TAG [DOCKERFILE]}"
tag="${2:?usage: build.sh PROJECT TAG [DOCKERFILE]}"
dockerfile="${3:-$project/Dockerfile}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

"$here/base.sh"

work="$(mktemp -d -p "${TMPDIR:-/var/tmp}" apf-build-XXXXXX)"
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
option() { npm config get "$1" 2>/dev/null | grep -v '^\(null\|undefined\|\)$' || true; }

{
  for name in registry proxy https-proxy noproxy; do
    value="$(option "$name")"
    [ -z "$value" ] || echo "$name=$value"
  done
  # Scopes and tokens.
  for file in "$(option globalconfig)" "$(option userconfig)"; do
    [ ! -f "$file" ] || grep -E '^(//|@)' "$file" || true
  done
  echo "fund=false"
  echo "audit=false"
  echo "update-notifier=false"
  # Else the place from which each package came stands in node_modules/.package-lock.json.
  echo "omit-lockfile-registry-resolved=true"
} >"$work/npmrc"

ca="$(option cafile)"
ca="${ca:-${NODE_EXTRA_CA_CERTS:-}}"
if [ -n "$ca" ]; then
  cp "$ca" "$work/ca.crt"
  echo "cafile=/run/apf-build/ca.crt" >>"$work/npmrc"
fi
{ apt-config dump 2>/dev/null || true; } | grep -E '^Acquire::(https?|Check)[^ ]* "[^"]' >"$work/apt.conf" || true

args=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || args+=(--build-arg "$name=${!name}")
done
# As Docker finds it.
[ ! -f "$dockerfile.dockerignore" ] || args+=(--ignorefile "$dockerfile.dockerignore")

buildah bud --isolation chroot --network host --pull-never --format docker --layers --force-rm "${args[@]}" \
  --volume "$work:/run/apf-build:ro" \
  --volume "$work/npmrc:/root/.npmrc:ro" \
  --volume "$work/apt.conf:/etc/apt/apt.conf.d/99build:ro" \
  --file "$dockerfile" --tag "$tag" "$project"
