#!/usr/bin/env bash
# Undo a release that failed or was stopped: all traffic to the revision that was serving, the new
# one deactivated, worker and job back on their image. Each step is tried, whatever another says.
#
# Reads RESOURCE_GROUP, APP, WORKER, JOB and STATE_FILE, as release.sh left it. By hand, write the
# file: serving=NAME, candidate=NAME, worker_image=IMAGE, job_image=IMAGE, one a line.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"
# shellcheck source=.github/scripts/container_app.sh
. "$here/container_app.sh"

failed=0
try() {
  "$@" || {
    failed=1
    echo "::error::rollback: $* did not succeed"
  }
}

exists() {
  az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" --revision "$1" \
    --query name --output tsv >/dev/null 2>&1
}

# shellcheck disable=SC2329 # try calls it
bring_back() {
  az containerapp revision activate --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --revision "$serving" --output none
  if exists "$candidate"; then
    set_traffic "$serving=100" "$candidate=0"
  else
    set_traffic "$serving=100"
  fi
}

# shellcheck disable=SC2329 # try calls it
remove_candidate() {
  az containerapp revision label remove --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --label canary --output none
  deactivate "$candidate"
}

serving=$(remembered serving)
candidate=$(remembered candidate)
worker_image=$(remembered worker_image)
job_image=$(remembered job_image)
if [ -z "$serving" ] || [ "$(remembered finished)" = yes ]; then
  note "nothing to roll back"
  exit 0
fi

try bring_back
if [ -n "$candidate" ] && exists "$candidate"; then
  try remove_candidate
fi
if [ -n "$worker_image" ]; then
  try set_worker_image "$worker_image" "$(remembered worker_sha)" "$(remembered worker_version)"
fi
if [ -n "$job_image" ]; then
  try az containerapp job update --name "$JOB" --resource-group "$RESOURCE_GROUP" \
    --image "$job_image" --output none
fi
try wait_until_ready "$(app_show "$APP" properties.configuration.ingress.fqdn)"
summarise "**Rolled back to \`$serving\`.** Migrations stay: they only add."
output rolled_back_to "$serving"
exit "$failed"
