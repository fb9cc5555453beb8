#!/usr/bin/env bash
# Keeps infra/infra-checksums.txt, by which whoever deploys sees that infra/ is as it was committed.
#
#   infra/scripts/checksums.sh write    writes it anew
#   infra/scripts/checksums.sh verify   fails if a file is changed, missing or not listed
set -euo pipefail
# shellcheck source=infra/scripts/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

cd infra
LIST=infra-checksums.txt

# Sorted by byte, so that the list is the same on every machine.
files() {
  find . -type f ! -path "./$LIST" -printf '%P\n' | LC_ALL=C sort
}

verify() {
  local unlisted
  sha256sum --quiet --check "$LIST" || fail "infra/ is not what $LIST says; if that is wanted: make checksums"
  unlisted=$(comm -23 <(files) <(sed 's/^[0-9a-f]* .//' "$LIST" | LC_ALL=C sort))
  [ -z "$unlisted" ] || fail "$LIST does not list $unlisted; if it is wanted: make checksums"
  note "infra/ is what $LIST says"
}

case ${1:-} in
  write) files | xargs -d '\n' sha256sum >"$LIST" ;;
  verify) verify ;;
  --help | -h) usage ;;
  *) wrong_call "say write or verify" ;;
esac
