#!/usr/bin/env bash
# Begin the table of a run's summary; later steps add rows. Reads TITLE, ACTOR and SHA.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

summarise "## $TITLE"
summarise ""
summarise "| | |"
summarise "|---|---|"
summarise "| Started | $(date -u +%Y-%m-%dT%H:%M:%SZ), by $ACTOR |"
summarise "| Commit | \`$SHA\` |"
