#!/usr/bin/env bash
# Builds the image of the command and runs in it what LSST's document types: see cli-test.mjs. Needs what test.sh needs.
set -euo pipefail
exec node "$(dirname "${BASH_SOURCE[0]}")/cli-test.mjs"
