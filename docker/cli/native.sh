#!/bin/sh
# native.sh FOUND TARGET: puts the compiled parts of node-rdkafka and better-sqlite3 below TARGET as they lie in
# node_modules: those in FOUND where they load here, else compiled for this machine. FOUND has package-lock.json too.
set -eu
found=$1 target=$2

apt-get update
apt-get install -y --no-install-recommends binutils

# parts PACKAGE: its files, as paths within it.
parts() {
  case $1 in
    node-rdkafka)
      echo build/Release/node-librdkafka.node build/deps/librdkafka.so.1 build/deps/librdkafka++.so.1
      ;;
    better-sqlite3) echo build/Release/better_sqlite3.node ;;
  esac
}

compile() {
  version=$(node -p "require('$found/package-lock.json').packages['node_modules/$1'].version")
  apt-get install -y --no-install-recommends g++ make python3 libssl-dev libzstd-dev zlib1g-dev
  mkdir -p /tmp/compiled
  cd /tmp/compiled
  echo "{ \"allowScripts\": { \"$1\": true } }" > package.json
  npm_config_nodedir=/usr/local npm install "$1@$version"
  for part in $(parts "$1"); do cp "node_modules/$1/$part" "$target/$1/$part"; done
}

for package in node-rdkafka better-sqlite3; do
  for part in $(parts "$package"); do
    mkdir -p "$target/$package/$(dirname "$part")"
    cp "$found/$(basename "$part")" "$target/$package/$part" 2> /dev/null || true
  done
  addon=$(parts "$package" | cut -d' ' -f1)
  node -e "require('$target/$package/$addon')" 2> /dev/null || compile "$package"
  for part in $(parts "$package"); do strip --strip-unneeded "$target/$package/$part"; done
done
