#!/usr/bin/env bash
# Deletes an environment with everything in it.
#
#   infra/scripts/destroy.sh --env dev|staging|prod|dr --confirm GROUP [--location REGION]
#       [--production] [--dry-run]
#
#   --confirm      name of the resource group, typed out
#   --production   for prod and dr besides: candidates' recordings and the database go with them
#
# The vault stays for 90 days, as its purge protection wants; deploy.sh brings it back with its
# secrets. Accounts of OpenAI and Speech are purged, because their names would be taken.
set -euo pipefail
# shellcheck source=infra/scripts/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

check_consent() {
  [ "${option_confirm:-}" = "$RESOURCE_GROUP" ] ||
    wrong_call "this deletes $RESOURCE_GROUP: add --confirm $RESOURCE_GROUP"
  case $option_env in
    prod | dr) [ "${option_production:-no}" = yes ] || wrong_call "$RESOURCE_GROUP is production: add --production" ;;
  esac
}

delete_group() {
  if group_exists; then
    change az group delete --name "$RESOURCE_GROUP" --yes --output none
  else
    note "$RESOURCE_GROUP is not there"
  fi
}

purge_accounts() {
  local name place
  for name in $AI_ACCOUNTS; do
    place=$(az cognitiveservices account list-deleted --query "[?name=='$name'].location | [0]" --output tsv)
    [ -z "$place" ] || [ "$place" = None ] || change az cognitiveservices account purge --name "$name" \
      --resource-group "$RESOURCE_GROUP" --location "$place" --output none
  done
}

read_options "--production" "--confirm" "$@"
[ -n "${option_env:-}" ] || wrong_call "--env is missing"
name_resources
check_consent
step "checks"
need az
log_in
step "deletion of $RESOURCE_GROUP"
delete_group
step "names of OpenAI and Speech"
purge_accounts
note "done: the vault $VAULT can be recovered for 90 days and cannot be purged before"
