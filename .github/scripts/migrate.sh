#!/usr/bin/env bash
# Run the migrations of an image as a job and wait for its end: before any revision of that image.
# Reads RESOURCE_GROUP, JOB, IMAGE; STATE_FILE keeps the image that the job had before.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

WAITS=60 # of ten seconds

job() {
  az containerapp job "$@" --name "$JOB" --resource-group "$RESOURCE_GROUP"
}

before=$(job show --query 'properties.template.containers[0].image' --output tsv)
remember job_image "$before"
job update --image "$IMAGE" --output none
execution=$(job start --query name --output tsv)
note "migrations run as $execution"
for ((n = 0; n < WAITS; n++)); do
  status=$(job execution show --job-execution-name "$execution" --query properties.status --output tsv)
  case $status in
    Succeeded)
      note "migrations are done"
      exit 0
      ;;
    Failed | Stopped | Degraded) fail "migrations ended: $status; see the logs of $execution" ;;
  esac
  sleep 10
done
fail "migrations did not end within $((WAITS / 6)) minutes: $status"
