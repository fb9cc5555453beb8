#!/usr/bin/env bash
# infrastructure.sh what-if|deploy: with the parameters of ENVIRONMENT, and with the image, version
# and serving revision that are there now: it changes what they run on, and never which one runs.
# Parameters come from variables (infra/parameters); those that are empty count as unset.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"
# shellcheck source=.github/scripts/container_app.sh
. "$here/container_app.sh"

RESOURCE_GROUP=rg-talenti-$ENVIRONMENT-aue
APP=ca-api-talenti-$ENVIRONMENT-aue
PARAMETERS=infra/parameters/$ENVIRONMENT.bicepparam

unset_empty() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || unset "$name"
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)'.*/\1/p" "$PARAMETERS")
}

of_serving() {
  az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --revision "$SERVING_REVISION" --query "properties.template.containers[0].$1" --output tsv
}

keep_what_runs() {
  local known
  known=$(az containerapp list --resource-group "$RESOURCE_GROUP" \
    --query "[?name=='$APP'].name" --output tsv)
  [ -n "$known" ] || return 0
  SERVING_REVISION=$(serving_revision)
  IMAGE_DIGEST=$(of_serving image)
  IMAGE_DIGEST=${IMAGE_DIGEST#*@}
  VERSION=$(of_serving "env[?name=='VERSION'].value | [0]")
  DEPLOY_SHA=$(of_serving "env[?name=='DEPLOY_SHA'].value | [0]")
  export SERVING_REVISION IMAGE_DIGEST VERSION DEPLOY_SHA
  note "$SERVING_REVISION goes on serving $IMAGE_DIGEST"
}

deployment() {
  az deployment group "$@" --resource-group "$RESOURCE_GROUP" --template-file infra/main.bicep \
    --parameters "$PARAMETERS"
}

unset_empty
keep_what_runs
case $1 in
  what-if)
    deployment validate --output none
    changes=$(deployment what-if --result-format ResourceIdOnly --no-pretty-print \
      --query "changes[?changeType != 'NoChange' && changeType != 'Ignore'].[changeType, resourceId]" \
      --output tsv)
    deployment what-if
    summarise "What would change in $ENVIRONMENT (the log has the details):"
    summarise '```'
    summarise "${changes:-nothing}"
    summarise '```'
    ;;
  deploy)
    DEPLOYED_AT=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    export DEPLOYED_AT
    outputs=$(deployment create --name "talenti-$(date -u +%Y%m%d%H%M%S)" \
      --query properties.outputs --output json)
    summarise "Infrastructure of $ENVIRONMENT is deployed. No output is a secret:"
    summarise '```json'
    summarise "$outputs"
    summarise '```'
    ;;
  *) fail "infrastructure.sh does what-if or deploy, not $1" ;;
esac
