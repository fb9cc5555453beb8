#!/usr/bin/env bash
# Deploys an environment: everything in an empty subscription, or what changed in infra/.
#
#   infra/scripts/deploy.sh --env dev|staging|prod|dr [--location REGION] [--dry-run] [--without-apps]
#
# The first time: resource group, registry and all that the apps need, the image of the commit that
# is checked out, migrations, apps. Later: the template with the image and the revision that serve; a
# revision that it makes takes over once it is ready. Releases are made by the pipelines, not here.
# With a phone the subscription to events comes last, when what serves knows its secret.
# Running it again goes on where it stopped.
#
#   --dry-run        prints every command that would change something, and runs none of them
#   --without-apps   stops before migrations and apps (disaster-recovery.sh prepare)
#
# Variables: AZURE_SUBSCRIPTION_ID, and those that infra/parameters read. Secrets that are not given
# stay as the vault holds them; SECRET_KEY, JWT_SECRET and POSTGRES_PASSWORD are made when they are
# needed. IMAGE_DIGEST deploys an image that the registry, or IMAGE_SOURCE (another registry), has.
set -euo pipefail
# shellcheck source=infra/scripts/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

REPOSITORY=talenti
PROVIDERS=(App Cache CognitiveServices Communication Consumption ContainerRegistry ContainerService
  DBforPostgreSQL EventGrid Insights KeyVault ManagedIdentity Network OperationalInsights Storage)
NOT_BUILT=sha256:not-built-yet # stands for the digest in a dry run

# --- before anything is changed -------------------------------------------------------------------

look_around() {
  need az git openssl curl
  infra/scripts/checksums.sh verify
  log_in
  unset_empty
  unset DEPLOY_APPS CANARY_REVISION CANARY_WEIGHT SERVING_REVISION
  given_digest=${IMAGE_DIGEST:-}
  unset IMAGE_DIGEST
  app_there=no serves=no
  ! resource_exists Microsoft.App/containerApps "$APP" || app_there=yes
  [ "$app_there" = yes ] || return 0
  check_nothing_is_forgotten
  ! has_been_ready || serves=yes
}

# An app whose first revision never became ready serves nothing that had to be kept.
has_been_ready() {
  local ready
  ready=$(app_show "$APP" properties.latestReadyRevisionName) || exit 1
  [ -n "$ready" ] && [ "$ready" != None ]
}

# What the template is not told, it takes away.
check_nothing_is_forgotten() {
  local domain caller
  domain=$(app_show "$APP" 'properties.configuration.ingress.customDomains[0].name')
  [ -z "$domain" ] || [ "$domain" = None ] || [ -n "${CUSTOM_DOMAIN+given}" ] ||
    fail "$APP has the domain $domain: set CUSTOM_DOMAIN, and CERTIFICATE_ID if it has one of its own"
  caller=$(app_show "$APP" "properties.template.containers[0].env[?name=='AZURE_ACS_CALLER_NUMBER'].value | [0]")
  [ -z "$caller" ] || [ "$caller" = None ] || [ -n "${CALLER_NUMBER+given}" ] ||
    fail "$APP calls from $caller: set CALLER_NUMBER and EVENT_GRID_APPLICATION_ID"
  [ -n "${DATABASE_URL:-}" ] || resource_exists "$SERVERS" "$DATABASE" ||
    fail "$DATABASE is not there: set DATABASE_URL again, or a new, empty database would be made"
  check_sender
}

# Set and empty is said, too: the domain and the sender of Azure are wanted again.
check_sender() {
  local linked sender
  linked=$(group_get Microsoft.Communication/communicationServices/"$MAIL_SERVICE" 2023-04-01 'properties.linkedDomains[0]')
  linked=${linked##*/}
  case $linked in
    "" | None | AzureManagedDomain) ;;
    "${MAIL_DOMAIN-}") [ "${MAIL_DOMAIN_VERIFIED:-}" = true ] || fail "$linked is verified: set MAIL_DOMAIN_VERIFIED=true" ;;
    *) [ -n "${MAIL_DOMAIN+given}" ] || fail "mails come from $linked: set MAIL_DOMAIN and MAIL_DOMAIN_VERIFIED=true" ;;
  esac
  sender=$(app_show "$APP" "properties.template.containers[0].env[?name=='EMAIL_FROM'].value | [0]")
  case $sender in
    "" | None | "Talenti <DoNotReply@"*) ;;
    *) [ -n "${EMAIL_FROM+given}" ] || fail "mails come from $sender: set EMAIL_FROM" ;;
  esac
}

# --- what the template needs ----------------------------------------------------------------------

# Whoever may only change the group may not ask about the subscription. Azure itself will refuse what
# is not registered, and a vault whose name is deleted.
register_providers() {
  local registered name
  [ "$app_there" = no ] || return 0
  registered=$(az provider list --query "[?registrationState=='Registered'].namespace" --output tsv) ||
    { note "providers are left to whoever owns the subscription" && return 0; }
  for name in "${PROVIDERS[@]}"; do
    has "$registered" "Microsoft.$name" ||
      change az provider register --namespace "Microsoft.$name" --wait
  done
}

create_group() {
  group_exists || change az group create --name "$RESOURCE_GROUP" --location "$LOCATION" \
    --tags "${TAGS[@]}" --output none
}

# Purge protection keeps the name of a deleted vault, and what it holds, for 90 days.
recover_vault() {
  local deleted
  ! resource_exists Microsoft.KeyVault/vaults "$VAULT" || return 0
  deleted=$(az keyvault list-deleted --resource-type vault --query "[?name=='$VAULT'].name" --output tsv) || return 0
  [ -z "$deleted" ] || change az keyvault recover --name "$VAULT" --location "$LOCATION" \
    --resource-group "$RESOURCE_GROUP" --output none
}

# The apps do not start without a way to send mail. dev has one in its parameters, which shall not
# take the place of a server that was given.
check_mail() {
  [ -z "${SMTP_APPLICATION_ID:-}${SMTP_PRINCIPAL_ID:-}${SMTP_PASSWORD:-}" ] ||
    { [ -n "${SMTP_APPLICATION_ID:-}" ] && [ -n "${SMTP_PRINCIPAL_ID:-}" ]; } ||
    fail "set SMTP_APPLICATION_ID and SMTP_PRINCIPAL_ID together: SMTP_PASSWORD is theirs"
  if [ -z "${EMAIL_URL:-}" ] && { [ -n "${SMTP_PASSWORD:-}" ] || has "$secrets" email-url; }; then
    export EMAIL_URL=""
  fi
  [ "$option_env" != dev ] && [ -z "${EMAIL_URL:-}" ] && ! has "$secrets" email-url || return 0
  [ -n "${SMTP_APPLICATION_ID:-}" ] && [ -n "${SMTP_PRINCIPAL_ID:-}" ] && [ -n "${SMTP_PASSWORD:-}" ] ||
    fail "set EMAIL_URL, or SMTP_APPLICATION_ID, SMTP_PRINCIPAL_ID and SMTP_PASSWORD: $option_env sends mail"
}

# A number that calls and hears nothing would be worse than none.
check_phone() {
  [ -n "${CALLER_NUMBER:-}${EVENT_GRID_APPLICATION_ID:-}" ] || return 0
  [ -n "${CALLER_NUMBER:-}" ] && [ -n "${EVENT_GRID_APPLICATION_ID:-}" ] ||
    fail "set CALLER_NUMBER and EVENT_GRID_APPLICATION_ID together: docs/phone.md tells how"
  [ -n "${EVENT_GRID_SECRET:-}" ] || resource_exists Microsoft.EventGrid/systemTopics "$EVENT_TOPIC" ||
    fail "set EVENT_GRID_SECRET, for example to what openssl rand -hex 32 prints: events come with it"
}

# need_secret VARIABLE NAME_IN_VAULT. In the recovery region a new one would be a wrong one.
need_secret() {
  [ -n "${!1:-}" ] || has "$secrets" "$2" || make_secret "$1"
}

make_secret() {
  [ "$option_env" != dr ] || fail "$1 has to be that of production: disaster-recovery.sh brings it"
  # DATABASE_URL carries it: only letters of an address. Azure wants capitals, small letters and digits.
  printf -v "$1" %s "T$(openssl rand -hex 32)"
  export "${1?}"
  note "$1 is made"
}

# Before there is an app nothing depends on the password of the database, and it may be of an attempt
# that ended before the vault had it: it is made anew. A copy of a database has the one it had.
make_secrets() {
  need_secret SECRET_KEY secret-key
  need_secret JWT_SECRET jwt-secret
  [ -z "${DATABASE_URL:-}" ] && [ -z "${POSTGRES_PASSWORD:-}" ] || return 0
  if [ "$option_env" = dr ]; then
    need_secret POSTGRES_PASSWORD database-url
  elif [ "$app_there" = no ]; then
    make_secret POSTGRES_PASSWORD
  fi
}

# Azure lets nobody change the first day of a budget. Set and empty: no budget.
date_budget() {
  local known=""
  [ -z "${BUDGET_START_DATE+given}" ] || return 0
  ! group_exists || known=$(group_get Microsoft.Consumption/budgets 2024-08-01 \
    "value[?name=='$BUDGET'].properties.timePeriod.startDate | [0]")
  export BUDGET_START_DATE=${known%%T*}
  [ -n "$known" ] && [ "$known" != None ] || BUDGET_START_DATE=$(date -u +%Y-%m-01)
}

# subscribe_events is for the end: Event Grid asks what serves by then, and that has to know the secret.
deploy_template() {
  export SUBSCRIBE_EVENTS=${1:-false}
  DEPLOYED_AT=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  export DEPLOYED_AT
  note "template with image ${IMAGE_DIGEST:-none}, apps ${DEPLOY_APPS:-true}, serving ${SERVING_REVISION:-none}"
  change az deployment group create --name "talenti-$(date -u +%Y%m%d%H%M%S)" \
    --resource-group "$RESOURCE_GROUP" --template-file "$TEMPLATE" --parameters "$PARAMETERS" \
    --output none
}

# Without a secret it stays as it is: nobody can read the one it has.
subscribe_events() {
  [ -n "${CALLER_NUMBER:-}" ] || return 0
  step "subscription to events"
  if [ -n "${EVENT_GRID_SECRET:-}" ]; then
    deploy_template true
  else
    note "EVENT_GRID_SECRET is not given: $EVENT_TOPIC goes on with its own"
  fi
}

# --- the first time -------------------------------------------------------------------------------

digest_of() {
  az acr repository show --name "$REGISTRY" --image "$REPOSITORY$1" --query digest --output tsv
}

# The commit that is checked out, and nothing that is not committed.
build_image() {
  local tree=$scratch/tree
  [ -z "$(git status --porcelain)" ] || note "what is not committed stays out of the image"
  mkdir "$tree"
  git archive HEAD | tar --extract --directory "$tree"
  change az acr build --registry "$REGISTRY" --image "$REPOSITORY:$1" --file "$tree/Dockerfile" \
    --build-arg "BUILD_DATE=$(date -u +%Y-%m-%dT%H:%M:%SZ)" --build-arg "GIT_SHA=$DEPLOY_SHA" \
    --build-arg "VERSION=$VERSION" --output none "$tree"
}

find_or_build_image() {
  local tag
  DEPLOY_SHA=$(git rev-parse HEAD)
  VERSION=${VERSION:-$DEPLOY_SHA}
  tag=sha-$DEPLOY_SHA
  if ! IMAGE_DIGEST=$(digest_of ":$tag" 2>/dev/null); then
    build_image "$tag"
    IMAGE_DIGEST=$NOT_BUILT
    [ "$dry_run" = yes ] || IMAGE_DIGEST=$(digest_of ":$tag")
  fi
  export IMAGE_DIGEST VERSION DEPLOY_SHA
}

bring_image() {
  digest_of "@$IMAGE_DIGEST" >/dev/null 2>&1 && return 0
  [ -n "${IMAGE_SOURCE:-}" ] || fail "$REGISTRY has no image $IMAGE_DIGEST: set IMAGE_SOURCE to the registry that has it"
  change az acr import --name "$REGISTRY" --source "$IMAGE_SOURCE.azurecr.io/$REPOSITORY@$IMAGE_DIGEST" \
    --image "$REPOSITORY:sha-${DEPLOY_SHA:-${IMAGE_DIGEST#sha256:}}" --output none
}

get_image() {
  if [ -n "$given_digest" ]; then
    export IMAGE_DIGEST=$given_digest
    bring_image
  else
    find_or_build_image
  fi
  note "the image is $IMAGE_DIGEST"
}

migrate() {
  change env JOB="$JOB" RESOURCE_GROUP="$RESOURCE_GROUP" STATE_FILE="$scratch/state" \
    IMAGE="$REGISTRY.azurecr.io/$REPOSITORY@$IMAGE_DIGEST" .github/scripts/migrate.sh
}

# The registry has to be there before the image, the image before the migrations, those before the apps.
deploy_first() {
  step "everything that the apps need"
  deploy_template
  step "image"
  get_image
  step "migration job"
  DEPLOY_APPS=false deploy_template
  [ "${option_without_apps:-no}" = no ] || return 0
  step "migrations"
  migrate
  step "apps"
  deploy_template
  step "readiness"
  wait_for_app
  subscribe_events
  [ "$option_env" = dr ] || say_how_to_begin
}

wait_for_app() {
  local fqdn
  [ "$dry_run" = no ] || return 0
  fqdn=$(app_show "$APP" properties.configuration.ingress.fqdn)
  wait_until_ready "$fqdn" || fail "https://$fqdn/health/ready does not answer 200; it says what is missing"
  note "https://$fqdn is ready"
}

say_how_to_begin() {
  cat <<TEXT
The first organisation and its owner, who then gets a mail with a link:
  az containerapp exec --name $APP --resource-group $RESOURCE_GROUP \\
    --command "python manage.py bootstrap --organisation Acme --owner-email olga@acme.example"
TEXT
}

# --- later ----------------------------------------------------------------------------------------

# A template would put an end to the canary, or begin it anew.
check_no_canary() {
  local shares
  # shellcheck disable=SC2016 # the query's own quotes
  shares=$(az containerapp ingress traffic show --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --query "length([?weight > \`0\` || label == 'canary'])" --output tsv)
  [ "$shares" = 1 ] || fail "a canary is being tried on $APP: let its pipeline end, or run rollback.sh"
}

deploy_later() {
  step "what serves"
  check_no_canary
  keep_what_serves
  [ -z "$given_digest" ] || [ "$given_digest" = "$IMAGE_DIGEST" ] ||
    fail "$APP serves $IMAGE_DIGEST: another image is a release, which the pipelines make"
  step "template"
  deploy_template
  step "traffic"
  take_over
  subscribe_events
}

of_revision() {
  az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" --revision "$1" \
    --query "properties.$2" --output tsv
}

# A newer revision of the same image carries what the template changed: of this run, or of one that
# ended before it was ready. One that is not active was rolled back, and stays so.
take_over() {
  local newest image active
  newest=$(app_show "$APP" properties.latestRevisionName)
  image=$(of_revision "$newest" 'template.containers[0].image')
  active=$(of_revision "$newest" active)
  if [ "$newest" = "$SERVING_REVISION" ] || [ "$active" != true ] || [ "${image#*@}" != "$IMAGE_DIGEST" ]; then
    note "nothing changed for $APP: $SERVING_REVISION goes on serving"
    return 0
  fi
  [ "$dry_run" = yes ] || wait_until_ready "$(revision_fqdn "$newest")" ||
    fail "$newest is not ready and gets no requests; $SERVING_REVISION goes on serving"
  change set_traffic "$newest=100" "$SERVING_REVISION=0"
  wait_for_app
  note "$newest serves; $SERVING_REVISION stays for a rollback"
  export SERVING_REVISION=$newest
}

read_options "--without-apps" "" "$@"
[ -n "${option_env:-}" ] || wrong_call "--env is missing"
name_resources
step "checks"
look_around
step "providers, group and vault of $RESOURCE_GROUP"
register_providers
create_group
recover_vault
step "secrets"
secrets=$(list_secrets)
check_mail
check_phone
make_secrets
step "what stays as it is"
date_budget
keep_storage
if [ "$serves" = yes ]; then
  deploy_later
else
  deploy_first
fi
note "done"
