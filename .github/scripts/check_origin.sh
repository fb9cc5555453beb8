#!/usr/bin/env bash
# The image was built by this repository's workflow: GitHub signed that for its digest.
# Reads REGISTRY, IMAGE, GITHUB_REPOSITORY and GITHUB_TOKEN.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

az acr login --name "$REGISTRY" --output none
gh attestation verify "oci://$IMAGE" --repo "$GITHUB_REPOSITORY" \
  --signer-workflow "$GITHUB_REPOSITORY/.github/workflows/cd-dev.yml" ||
  fail "nobody attests that cd-dev.yml built $IMAGE"
note "$IMAGE was built by cd-dev.yml"
