#!/usr/bin/env bash
# Generates a step outside of the checkout, builds its image and tries it: see test.mjs. Needs a built checkout, root,
# buildah, debootstrap, and what `apf kafka start` needs.
set -euo pipefail
exec node "$(dirname "${BASH_SOURCE[0]}")/test.mjs"
