# shellcheck shell=bash
# What the scripts of this folder share: options, the names of an environment in Azure, questions
# that change nothing, and changes that --dry-run only prints. Sourced; they run from the root.
# No secret is ever an argument: they are variables, which infra/parameters reads.
# shellcheck disable=SC2034,SC2154 # what is set here is read by the scripts; read_options sets option_*
set -euo pipefail
shopt -s inherit_errexit
SCRIPT=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.github/scripts/reporting.sh
. .github/scripts/reporting.sh
# shellcheck source=.github/scripts/container_app.sh
. .github/scripts/container_app.sh

TEMPLATE=infra/main.bicep
SERVERS=Microsoft.DBforPostgreSQL/flexibleServers
USAGE=64 # exit code of a wrong call, as in sysexits.h
current_step=""

# --- options ------------------------------------------------------------------------------------

# The comment that a script begins with is its help.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$SCRIPT"
}

wrong_call() {
  { printf '%s: %s\n\n' "${SCRIPT##*/}" "$*" && usage; } >&2
  exit "$USAGE"
}

# read_options FLAGS VALUES "$@": --some-name becomes option_some_name, which is yes or the value.
read_options() {
  local flags=" --dry-run $1 " values=" --env --location $2 " name
  shift 2
  while [ "$#" -gt 0 ]; do
    case $1 in --help | -h) usage && exit 0 ;; esac
    [[ $1 =~ ^--[a-z-]+$ ]] || wrong_call "there is no option $1"
    name=${1#--}
    name=option_${name//-/_}
    if [[ $flags == *" $1 "* ]]; then
      printf -v "$name" yes
    elif [[ $values == *" $1 "* ]]; then
      [ -n "${2:-}" ] || wrong_call "$1 needs a value"
      printf -v "$name" %s "$2"
      shift
    else
      wrong_call "there is no option $1"
    fi
    shift
  done
  dry_run=${option_dry_run:-no}
}

# --- names --------------------------------------------------------------------------------------

# Sets the names that infra/ gives its resources, for the environment of --env.
name_resources() {
  local region suffix stage=$option_env
  case $stage in
    dev | staging | prod) ;;
    dr) stage=prod ;; # the recovery region runs prod
    *) wrong_call "--env is dev, staging, prod or dr" ;;
  esac
  PARAMETERS=infra/parameters/$option_env.bicepparam
  LOCATION=${option_location:-$(default_of DEPLOY_LOCATION)}
  region=$(short_region)
  [ -n "$region" ] || wrong_call "$TEMPLATE knows no region $LOCATION"
  suffix=talenti-$stage-$region
  RESOURCE_GROUP=rg-$suffix
  APP=ca-api-$suffix
  WORKER=ca-worker-$suffix
  JOB=caj-migrate-$suffix
  VAULT=kv-$suffix
  DATABASE=psql-$suffix
  BUDGET=budget-$suffix
  MAIL_SERVICE=acs-$suffix
  EVENT_TOPIC=egst-$suffix
  STORAGE=sttalenti$stage$region
  AI_ACCOUNTS="oai-$suffix speech-$suffix"
  REGISTRY=$(sed -n "s/^param containerRegistryName = '\(.*\)'$/\1/p" "$PARAMETERS")
  REGISTRY=${REGISTRY:-acrtalenti$stage}
  TAGS=(project=talenti "environment=$stage" managedBy=bicep)
  export DEPLOY_LOCATION=$LOCATION
}

default_of() {
  sed -n "s/.*readEnvironmentVariable('$1', '\([^']*\)').*/\1/p" "$PARAMETERS"
}

short_region() {
  sed -n "/^var shortRegions/,/^}/s/^  $LOCATION: '\(.*\)'$/\1/p" "$TEMPLATE"
}

# --- questions ----------------------------------------------------------------------------------

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail "$tool is not installed: docs/deployment.md says what is needed"
  done
}

# Only which subscription az speaks to is set, also by a dry run: its answers come from there.
log_in() {
  local current
  current=$(az account show --query id --output tsv) || fail "sign in first: az login"
  if [ -n "${AZURE_SUBSCRIPTION_ID:-}" ] && [ "$AZURE_SUBSCRIPTION_ID" != "$current" ]; then
    az account set --subscription "$AZURE_SUBSCRIPTION_ID"
  fi
}

# A question that fails ends the script: it is no "no".
group_exists() {
  local answer
  answer=$(az group exists --name "$RESOURCE_GROUP" --output tsv) || exit 1
  [ "$answer" = true ]
}

# resource_exists TYPE NAME: names say environment and region, so that they are found without a group.
resource_exists() {
  local found
  found=$(az resource list --resource-type "$1" --name "$2" --query '[].name' --output tsv) || exit 1
  [ -n "$found" ]
}

app_exists() {
  resource_exists Microsoft.App/containerApps "$APP"
}

# Names of the vault's secrets, asked of Azure's management: it tells no values, and answers from
# outside of the vault's network.
list_secrets() {
  resource_exists Microsoft.KeyVault/vaults "$VAULT" || return 0
  group_get Microsoft.KeyVault/vaults/"$VAULT"/secrets 2023-07-01 'value[].name'
}

# group_get PATH API_VERSION QUERY, within the resource group.
group_get() {
  az rest --method get --query "$3" --output tsv \
    --url "/subscriptions/{subscriptionId}/resourceGroups/$RESOURCE_GROUP/providers/$1?api-version=$2"
}

# has LINES WORD: whether one of the lines is the word.
has() {
  [[ $'\n'$1$'\n' == *$'\n'$2$'\n'* ]]
}

of_serving() {
  az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --revision "$SERVING_REVISION" --query "properties.template.containers[0].$1" --output tsv
}

# Which image and revision serve is a pipeline's to say: a template that is deployed keeps them.
# Fails by its exit code when nobody answers.
keep_what_serves() {
  SERVING_REVISION=$(serving_revision) || return 1
  IMAGE_DIGEST=$(of_serving image) || return 1
  IMAGE_DIGEST=${IMAGE_DIGEST#*@}
  VERSION=$(of_serving "env[?name=='VERSION'].value | [0]") || return 1
  DEPLOY_SHA=$(of_serving "env[?name=='DEPLOY_SHA'].value | [0]") || return 1
  export SERVING_REVISION IMAGE_DIGEST VERSION DEPLOY_SHA
  note "$SERVING_REVISION serves $IMAGE_DIGEST"
}

# Storage grows by itself and can never shrink: a template that says less is refused. More is welcome.
keep_storage() {
  local now
  resource_exists "$SERVERS" "$DATABASE" || return 0
  now=$(group_get "$SERVERS/$DATABASE" 2024-08-01 properties.storage.storageSizeGB)
  [ "${POSTGRES_STORAGE_GB:-0}" -gt "$now" ] || POSTGRES_STORAGE_GB=$now
  export POSTGRES_STORAGE_GB
}

# Empty counts as not set for what has a default: it is no number and no truth value.
unset_empty() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || unset "$name"
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)', '[^']\+').*/\1/p" "$PARAMETERS")
}

# --- changes ------------------------------------------------------------------------------------

# change COMMAND...: runs it, or with --dry-run prints it.
change() {
  if [ "$dry_run" = yes ]; then
    printf 'would run:%s\n' "$(printf ' %q' "$@")"
  else
    "$@"
  fi
}

step() {
  current_step=$*
  note "== $*"
}

# What a script does when it ends before it is done, besides saying where.
on_failure() {
  :
}

clean_up() {
  local code=$?
  rm -rf "$scratch"
  [ "$code" != 0 ] && [ "$code" != "$USAGE" ] && [ -n "$current_step" ] || return 0
  note "STOPPED at: $current_step. Mend what is said above and run the same command again: it goes on there."
  on_failure
}
scratch=$(mktemp -d)
trap clean_up EXIT
