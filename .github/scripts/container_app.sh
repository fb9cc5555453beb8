# shellcheck shell=bash
# Questions to and changes of one Container App. Sourced by release.sh and rollback.sh, which set
# RESOURCE_GROUP and APP.

app_show() {
  az containerapp show --name "$1" --resource-group "$RESOURCE_GROUP" --query "$2" --output tsv
}

# The revision that serves: the one with most of the traffic. Traffic may follow "the latest"
# instead of a name; the name is then the latest one that became ready.
serving_revision() {
  local found heaviest
  # shellcheck disable=SC2016 # the query's own quotes
  heaviest='sort_by([?weight > `0`], &weight)[-1].revisionName'
  found=$(az containerapp ingress traffic show --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --query "$heaviest" --output tsv)
  if [ -z "$found" ] || [ "$found" = None ]; then
    found=$(app_show "$APP" properties.latestReadyRevisionName)
  fi
  [ -n "$found" ] && [ "$found" != None ] || fail "$APP has no revision that serves"
  echo "$found"
}

set_traffic() {
  az containerapp ingress traffic set --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --revision-weight "$@" --output none || return 1
  note "traffic: $*"
}

revision_fqdn() {
  az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" --revision "$1" \
    --query properties.fqdn --output tsv
}

# 200, 503, ...; 000 if nobody answers.
http_status() {
  curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$1" || true
}

# One question to /health/ready, then nine more, ten seconds apart.
wait_until_ready() {
  local try status
  for try in 1 2 3 4 5 6 7 8 9 10; do
    status=$(http_status "https://$1/health/ready")
    [ "$status" = 200 ] && return 0
    note "$1 is not ready: $status ($try of 10)"
    [ "$try" = 10 ] || sleep 10
  done
  return 1
}

deactivate() {
  az containerapp revision deactivate --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --revision "$1" --output none || return 1
  note "$1 is deactivated"
}

# set_worker_image IMAGE SHA VERSION: for each of its containers; its newest revision must become
# ready. Fails by its exit code, so that a rollback can go on.
set_worker_image() {
  local container latest ready
  for container in $(app_show "$WORKER" 'properties.template.containers[].name'); do
    az containerapp update --name "$WORKER" --resource-group "$RESOURCE_GROUP" \
      --container-name "$container" --image "$1" \
      --set-env-vars "DEPLOY_SHA=$2" "VERSION=$3" --output none || return 1
  done
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    latest=$(app_show "$WORKER" properties.latestRevisionName)
    ready=$(app_show "$WORKER" properties.latestReadyRevisionName)
    [ "$latest" = "$ready" ] && return 0
    sleep 15
  done
  return 1
}
