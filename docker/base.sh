#!/usr/bin/env bash
# Makes a stand-in for the official Node.js image where no registry of images can be reached: Debian's minimal system
# with this machine's node and npm, and nothing else, under the name that a step's Dockerfile asks for. Needs root,
# debootstrap and buildah. Quick where it was made before.
set -euo pipefail
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}"

suite=bookworm
node="$(readlink -f "$(command -v node)")"
npm="$(npm root --global 2>/dev/null)/npm"
name="docker.io/library/node:$(node -p 'process.versions.node.split(".")[0]')-$suite-slim"
made_of="$( (node --version; npm --version; cat "${BASH_SOURCE[0]}") 2>/dev/null | sha256sum | cut -c1-16)"

label() { buildah inspect --type image --format '{{index .OCIv1.Config.Labels "apf.stand-in"}}' "$name" 2>/dev/null; }
if [ "$(label)" = "$made_of" ]; then
  echo "$name is there" >&2
  exit 0
fi

work="$(mktemp -d -p "${TMPDIR:-/var/tmp}" apf-base-XXXXXX)"
container=
cleanup() {
  [ -z "$container" ] || buildah rm "$container" >/dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

echo "making $name of Debian $suite" >&2
if ! debootstrap --variant=minbase "$suite" "$work/root" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  exit 1
fi
root="$work/root"
# As the slim images have it: no archives, lists, manuals or translations.
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/*
rm -rf "$root"/usr/share/{doc,man,info,locale}/*
printf 'path-exclude /usr/share/%s/*\n' doc man info locale >"$root/etc/dpkg/dpkg.cfg.d/slim"
cat >"$root/etc/apt/apt.conf.d/slim" <<'CONF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF
rm -f "$root/etc/resolv.conf" "$root/etc/hostname"

# Where the official image has them.
install -D "$node" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/include"
cp -a "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
headers="$(dirname "$node")/../include/node"
[ ! -d "$headers" ] || cp -a "$headers" "$root/usr/local/include/node"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node

container="$(buildah from scratch)"
buildah add --quiet "$container" "$root" / >/dev/null
buildah config --cmd '["node"]' --label "apf.stand-in=$made_of" \
  --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah commit --quiet --format docker "$container" "$name" >/dev/null
echo "$name is made" >&2
