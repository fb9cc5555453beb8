#!/usr/bin/env bash
# Checks infra/ before a deployment, and says what one would change.
#
#   infra/scripts/validate.sh                                    files and language: needs no login
#   infra/scripts/validate.sh --env dev|staging|prod|dr [--location REGION]   against Azure, too
#
# It changes nothing in Azure. Variables are those of deploy.sh.
set -euo pipefail
# shellcheck source=infra/scripts/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

compile() {
  local parameters
  az bicep install --output none
  az bicep lint --file "$TEMPLATE"
  az bicep build --file "$TEMPLATE" --stdout >/dev/null
  for parameters in infra/parameters/*.bicepparam; do
    note "$parameters"
    az bicep build-params --file "$parameters" --stdout >/dev/null
  done
}

# Whoever only plans may not write: rights are checked by the deployment itself.
deployment() {
  az deployment group "$@" --resource-group "$RESOURCE_GROUP" --template-file "$TEMPLATE" \
    --parameters "$PARAMETERS" --validation-level ProviderNoRbac
}

# Without what serves it would foretell a first deployment.
compare() {
  log_in
  group_exists || fail "$RESOURCE_GROUP is not there: deploy.sh makes it"
  unset_empty
  keep_storage
  ! resource_exists Microsoft.App/containerApps "$APP" || keep_what_serves || note "nothing serves yet"
  deployment validate --output none
  deployment what-if
}

read_options "" "" "$@"
[ -z "${option_env:-}" ] || name_resources
step "checksums"
infra/scripts/checksums.sh verify
step "language"
need az
compile
if [ -n "${option_env:-}" ]; then
  step "what would change in $RESOURCE_GROUP"
  compare
fi
note "done"
