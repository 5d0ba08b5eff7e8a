#!/bin/sh
# Compiles the checkout in the working folder, unless what it brought along is as new as its sources.
set -eu

compiled() {
  for package in packages/*; do
    set -- "$package/dist/.tsbuildinfo"
    [ ! -d "$package/page" ] || set -- "$@" "$package/dist/page/main.js"
    for made in "$@"; do
      [ -e "$made" ] || return 1
      newer=$(find "$package" -type f -newer "$made" ! -path '*/dist/*' ! -path '*/node_modules/*')
      [ -z "$newer" ] || return 1
    done
  done
}

if ! compiled; then
  npm ci --ignore-scripts
  npm run build
fi
