#!/usr/bin/env bash
# Which image is meant by a release (v1.2.3) or by an image's own tag (sha-<commit>)?
# Reads REQUESTED. Writes the outputs tag, sha and version.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

release='^v?([0-9]+\.[0-9]+\.[0-9]+)$'
built='^sha-([0-9a-f]{40})$'
if [[ $REQUESTED =~ $release ]]; then
  version=${BASH_REMATCH[1]}
  sha=$(git rev-list -n 1 "refs/tags/v$version") || fail "there is no tag v$version"
elif [[ $REQUESTED =~ $built ]]; then
  sha=${BASH_REMATCH[1]}
  version=$sha
else
  fail "name a release (v1.2.3) or an image's tag (sha- and a whole commit)"
fi
output tag "sha-$sha"
output sha "$sha"
output version "$version"
note "version $version is commit $sha"
