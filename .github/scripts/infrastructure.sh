#!/usr/bin/env bash
# infrastructure.sh what-if|deploy: of ENVIRONMENT, by infra/scripts, which keep what serves.
# GitHub gives a variable that is not set as an empty one. To the scripts that would mean "none", and
# a domain or a number that is there would be taken away: here empty is not given.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"

RESOURCE_GROUP=rg-talenti-$ENVIRONMENT-aue

unset_empty() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || unset "$name"
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)'.*/\1/p" \
    "infra/parameters/$ENVIRONMENT.bicepparam")
}

# None of them is a secret; tests/infra holds that.
show_outputs() {
  local latest outputs
  latest=$(az deployment group list --resource-group "$RESOURCE_GROUP" \
    --query 'sort_by([?properties.outputs.containerAppName], &properties.timestamp)[-1].name' \
    --output tsv)
  outputs=$(az deployment group show --resource-group "$RESOURCE_GROUP" --name "$latest" \
    --query properties.outputs --output json)
  summarise "Infrastructure of $ENVIRONMENT is deployed ($latest):"
  summarise '```json'
  summarise "$outputs"
  summarise '```'
}

unset_empty
case ${1:-} in
  what-if)
    infra/scripts/validate.sh --env "$ENVIRONMENT"
    summarise "What would change in $ENVIRONMENT is in the log of this job."
    ;;
  deploy)
    infra/scripts/deploy.sh --env "$ENVIRONMENT"
    show_outputs
    ;;
  *) fail "infrastructure.sh does what-if or deploy, not ${1:-nothing}" ;;
esac
