#!/usr/bin/env bash
# Push an OCI layout with everything in it: image, provenance and SBOM, under one digest.
# Reads LAYOUT, REGISTRY, REPOSITORY and TAG. Writes the outputs digest and pushed. A tag that is
# there already stays: a workflow that runs again goes on with the image of its first run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

digest_of_tag() {
  az acr repository show --name "$REGISTRY" --image "$REPOSITORY:$TAG" --query digest --output tsv
}

pushed=false
if ! digest=$(digest_of_tag 2>/dev/null); then
  az acr login --name "$REGISTRY" --output none
  skopeo copy --quiet --all --preserve-digests "oci:$LAYOUT" \
    "docker://$REGISTRY.azurecr.io/$REPOSITORY:$TAG"
  digest=$(digest_of_tag)
  pushed=true
fi
output digest "$digest"
output pushed "$pushed"
summarise "| Image | \`$REPOSITORY:$TAG\` = \`$digest\` |"
note "$REPOSITORY:$TAG is $digest, pushed now: $pushed"
