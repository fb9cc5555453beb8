#!/usr/bin/env bash
# Keeps a recovery region ready, and moves production there. docs/recovery.md tells when.
#
#   infra/scripts/disaster-recovery.sh prepare [--location REGION] [--dry-run]
#       everything in the recovery region but the apps: a replica of the database, production's
#       secrets and image. Run it again after each release, and whenever a secret has changed.
#   infra/scripts/disaster-recovery.sh failover --confirm GROUP [--location REGION] [--dry-run]
#       [--planned] [--dns-zone ZONE --dns-zone-group GROUP] [--dns-changed]
#       promotes the replica, starts the apps, moves CUSTOM_DOMAIN, copies the recordings
#
#   --confirm       name of the recovery group, typed out: a promoted replica follows no more
#   --planned       waits until the replica has everything; without it, what lags is lost
#   --dns-zone      zone in Azure that CUSTOM_DOMAIN is in; without it the record is yours to change
#   --dns-changed   you have changed it
#
# Variables: those of deploy.sh. Mail needs EMAIL_URL or the SMTP_ ones once. DATABASE_URL is a server
# that was restored by hand: it takes the place of the replica. SLACK_WEBHOOK_URL is told the end.
set -euo pipefail
# shellcheck source=infra/scripts/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

CONTAINERS="interview-recordings candidate-documents"
domain=${CUSTOM_DOMAIN:-}
left="" # what is still to be done, one a line

# --- production -----------------------------------------------------------------------------------

name_both_regions() {
  local recovery_location=${option_location:-}
  option_env=prod option_location=""
  name_resources
  PROD_GROUP=$RESOURCE_GROUP PROD_APP=$APP PROD_VAULT=$VAULT PROD_DATABASE=$DATABASE
  PROD_STORAGE=$STORAGE PROD_REGISTRY=$REGISTRY PROD_LOCATION=$LOCATION
  option_env=dr option_location=$recovery_location
  name_resources
  [ "$LOCATION" != "$PROD_LOCATION" ] || wrong_call "$LOCATION is production's own region"
}

in_production() {
  RESOURCE_GROUP=$PROD_GROUP APP=$PROD_APP DATABASE=$PROD_DATABASE "$@"
}

secret_of_production() {
  az keyvault secret show --vault-name "$PROD_VAULT" --name "$1" --query value --output tsv
}

password_of_database() {
  secret_of_production database-url |
    python3 -c 'import sys, urllib.parse as p; print(p.unquote(p.urlsplit(sys.stdin.read().strip()).password or ""))'
}

# take VARIABLE COMMAND...: what is given goes before what production's vault says.
take() {
  local name=$1
  shift
  [ -z "${!name:-}" ] || return 0
  printf -v "$name" %s "$("$@")"
  [ -n "${!name}" ] || fail "$PROD_VAULT does not tell $name: set it, or let your address in (OPERATOR_IP_RANGES)"
  export "${name?}"
}

# Sessions, links and the password of a replica are production's: other secrets would not fit.
take_secrets() {
  local known=$1
  has "$known" secret-key || take SECRET_KEY secret_of_production secret-key
  has "$known" jwt-secret || take JWT_SECRET secret_of_production jwt-secret
  has "$known" database-url || [ -n "${DATABASE_URL:-}" ] || take POSTGRES_PASSWORD password_of_database
}

# IMAGE_DIGEST, VERSION and DEPLOY_SHA of what serves in production; fails when nobody answers.
take_image_of_production() {
  in_production keep_what_serves || return 1
  unset SERVING_REVISION
}

# --- prepare --------------------------------------------------------------------------------------

role_of_database() {
  group_get "$SERVERS/$DATABASE" 2024-08-01 properties.replicationRole
}

is_replica() {
  local role
  role=$(role_of_database) || exit 1
  [[ $role == *Replica ]]
}

replicate_database() {
  local source
  [ -z "${DATABASE_URL:-}" ] || return 0
  ! resource_exists "$SERVERS" "$DATABASE" || is_replica ||
    fail "$DATABASE is promoted: it is production's database now. See 'The way back' in docs/recovery.md"
  source=$(az resource list --resource-type "$SERVERS" --name "$PROD_DATABASE" --query '[0].id' --output tsv)
  [ -n "$source" ] || fail "$PROD_DATABASE is not there: set DATABASE_URL to the address in the recovery region"
  export POSTGRES_CREATE_MODE=Replica POSTGRES_SOURCE_SERVER_ID=$source
  in_production keep_storage # a replica has at least as much
}

prepare() {
  ! resource_exists Microsoft.App/containerApps "$APP" ||
    fail "$APP runs: $RESOURCE_GROUP is production now. See 'The way back' in docs/recovery.md"
  step "database to copy"
  replicate_database
  step "secrets of production"
  take_secrets ""
  step "image of production"
  [ -n "${IMAGE_DIGEST:-}" ] || take_image_of_production
  step "recovery region without apps"
  deploy --without-apps
  note "PREPARED: $RESOURCE_GROUP waits. Nothing runs there but the replica."
}

deploy() {
  IMAGE_SOURCE=$PROD_REGISTRY change_region infra/scripts/deploy.sh --env dr --location "$LOCATION" "$@"
}

# A dry run goes on within: the script that is called prints what it would do.
change_region() {
  if [ "$dry_run" = yes ]; then
    "$@" --dry-run
  else
    "$@"
  fi
}

# --- failover -------------------------------------------------------------------------------------

promote_database() {
  local option=forced
  [ "${option_planned:-no}" = no ] || option=planned
  if [ -n "${DATABASE_URL:-}" ]; then
    note "DATABASE_URL is the database: nothing is promoted"
    return 0
  fi
  resource_exists "$SERVERS" "$DATABASE" ||
    fail "there is no replica $DATABASE: restore a server by docs/recovery.md and set DATABASE_URL to it"
  if ! is_replica; then
    note "$DATABASE is promoted"
    return 0
  fi
  change az postgres flexible-server replica promote --name "$DATABASE" --resource-group "$RESOURCE_GROUP" \
    --promote-mode standalone --promote-option "$option" --yes --output none
}

# What production serves, if it can still say so; else what prepare brought.
choose_image() {
  [ "$app_there" = no ] && [ -z "${IMAGE_DIGEST:-}" ] || return 0
  ! take_image_of_production || return 0
  note "production does not answer: the image is that of the last prepare"
  IMAGE_DIGEST=$(of_job image)
  IMAGE_DIGEST=${IMAGE_DIGEST#*@}
  VERSION=$(of_job "env[?name=='VERSION'].value | [0]")
  DEPLOY_SHA=$(of_job "env[?name=='DEPLOY_SHA'].value | [0]")
  export IMAGE_DIGEST VERSION DEPLOY_SHA
}

of_job() {
  az containerapp job show --name "$JOB" --resource-group "$RESOURCE_GROUP" \
    --query "properties.template.containers[0].$1" --output tsv ||
    fail "no image is prepared: set IMAGE_DIGEST to the one that production served"
}

bound_domain() {
  local found
  [ "$app_there" = yes ] || return 0
  found=$(app_show "$APP" 'properties.configuration.ingress.customDomains[0].name')
  [ "$found" = None ] || echo "$found"
}

# Azure binds a domain only when its record leads to the app: first the app, then the record, then
# the app with its domain.
start_apps() {
  if [ -n "$domain" ] && [ "$(bound_domain)" = "$domain" ]; then
    deploy
  else
    CUSTOM_DOMAIN="" CERTIFICATE_ID="" deploy
  fi
  [ "$dry_run" = yes ] || app_there=yes
}

move_domain() {
  local fqdn zone=${option_dns_zone:-}
  if [ -z "$domain" ]; then
    left+="tell everybody the new address, or run again with CUSTOM_DOMAIN"$'\n'
    return 0
  fi
  fqdn=recovered-app
  [ "$dry_run" = yes ] || fqdn=$(app_show "$APP" properties.configuration.ingress.fqdn)
  if [ -n "$zone" ]; then
    change az network dns record-set cname set-record --resource-group "$option_dns_zone_group" \
      --zone-name "$zone" --record-set-name "${domain%".$zone"}" --cname "$fqdn" --ttl 60 --output none
  elif [ "${option_dns_changed:-no}" = no ] && [ "$(bound_domain)" != "$domain" ]; then
    note "let $domain be a CNAME of $fqdn"
    left+="change the record of $domain to a CNAME of $fqdn, then run again with --dns-changed"$'\n'
    return 0
  fi
  [ "$dry_run" = yes ] || [ "$(bound_domain)" = "$domain" ] || deploy
}

# Recordings never change once they are written: what is there stays.
copy_recordings() {
  local container source=https://$PROD_STORAGE-secondary.blob.core.windows.net
  if ! command -v azcopy >/dev/null; then
    left+="install azcopy and run again: recordings and documents are not copied"$'\n'
    return 0
  fi
  for container in $CONTAINERS; do
    change env AZCOPY_AUTO_LOGIN_TYPE=AZCLI azcopy copy "$source/$container/*" \
      "https://$STORAGE.blob.core.windows.net/$container" --recursive --overwrite=false
  done
}

tell_team() {
  [ "$dry_run" = no ] || return 0
  TITLE="Recovery in $LOCATION" RESULT=$1 VERSION=${VERSION:-unknown} ACTOR=${USER:-operator} \
    RUN_URL=${domain:+https://$domain} .github/scripts/notify.sh || note "nobody could be told"
}

failover() {
  app_there=no
  ! resource_exists Microsoft.App/containerApps "$APP" || app_there=yes
  step "database"
  promote_database
  step "secrets and image"
  take_secrets "$(list_secrets)"
  choose_image
  unset POSTGRES_CREATE_MODE POSTGRES_SOURCE_SERVER_ID
  step "apps in $LOCATION"
  start_apps
  step "domain"
  unset IMAGE_DIGEST
  move_domain
  step "recordings and documents"
  copy_recordings
  step "end"
  report
}

report() {
  if [ "$dry_run" = yes ]; then
    note "DRY RUN: nothing was changed"
  elif [ -z "$left" ]; then
    tell_team success
    note "RECOVERY COMPLETE: $RESOURCE_GROUP is production. Next: 'The way back' in docs/recovery.md"
  else
    fail "RECOVERY NOT FINISHED. The apps run; still to be done:"$'\n'"$left"
  fi
}

check_failover() {
  [ "${option_confirm:-}" = "$RESOURCE_GROUP" ] || [ "$dry_run" = yes ] ||
    wrong_call "this moves production to $RESOURCE_GROUP: add --confirm $RESOURCE_GROUP"
  [ -z "${option_dns_zone:-}" ] || [ -n "${option_dns_zone_group:-}" ] || wrong_call "--dns-zone needs --dns-zone-group"
  [ -z "${option_dns_zone:-}" ] || [[ ${CUSTOM_DOMAIN:-} == *".$option_dns_zone" ]] ||
    wrong_call "--dns-zone needs CUSTOM_DOMAIN, a name in that zone"
}

# shellcheck disable=SC2329 # environment.sh calls it
on_failure() {
  [ "$action" = prepare ] || tell_team failure
}

case ${1:-} in
  prepare | failover) action=$1 && shift ;;
  --help | -h) usage && exit 0 ;;
  *) wrong_call "say prepare or failover" ;;
esac
read_options "--planned --dns-changed" "--confirm --dns-zone --dns-zone-group" "$@"
[ "${option_env:-dr}" = dr ] || wrong_call "the environment is dr"
name_both_regions
[ "$action" = prepare ] || check_failover
step "checks"
need az openssl curl python3
log_in
"$action"
