#!/usr/bin/env bash
# Copy an image from one registry to the next, by digest: what was tested is what will run.
# Reads REPOSITORY, TAG, SOURCE and TARGET (names of registries; the same one is only looked at).
# Writes the outputs image (by digest) and digest.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

digest_in() {
  az acr repository show --name "$1" --image "$REPOSITORY:$TAG" --query digest --output tsv
}

digest=$(digest_in "$SOURCE") || fail "$REPOSITORY:$TAG is not in $SOURCE: build or promote it first"
if [ "$SOURCE" != "$TARGET" ]; then
  there=$(digest_in "$TARGET" 2>/dev/null) || there=""
  if [ -z "$there" ]; then
    az acr import --name "$TARGET" --source "$SOURCE.azurecr.io/$REPOSITORY@$digest" \
      --image "$REPOSITORY:$TAG" --output none
    there=$(digest_in "$TARGET")
  fi
  [ "$there" = "$digest" ] || fail "$REPOSITORY:$TAG is another image in $TARGET: $there, not $digest"
fi
output image "$TARGET.azurecr.io/$REPOSITORY@$digest"
output digest "$digest"
summarise "| Image | \`$REPOSITORY:$TAG\` = \`$digest\` |"
note "$REPOSITORY:$TAG is $digest in $TARGET"
