#!/usr/bin/env bash
# Look for secrets in every commit, with one known release of gitleaks. What it finds is not shown.
set -euo pipefail

VERSION=8.30.1
SHA256=551f6fc83ea457d62a0d98237cbad105af8d557003051f41f3e7ca7b3f2470eb

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
archive="$folder/gitleaks.tar.gz"
curl --silent --show-error --fail --location --proto =https --retry 3 --output "$archive" \
  "https://github.com/gitleaks/gitleaks/releases/download/v$VERSION/gitleaks_${VERSION}_linux_x64.tar.gz"
echo "$SHA256  $archive" | sha256sum --check --quiet
tar --extract --gzip --file="$archive" --directory="$folder" gitleaks
"$folder/gitleaks" git --redact --no-banner .
