#!/usr/bin/env bash
# Bring an image into service: migrations, a revision at 0 %, its own health, with CANARY=true ten
# per cent for five minutes under watch, everything, the worker, and three revisions kept.
#
# Reads RESOURCE_GROUP, APP, WORKER, JOB, IMAGE (by digest), VERSION, DEPLOY_SHA, SUFFIX, CANARY and,
# for the canary, WORKSPACE. Any failure ends it where it is: rollback.sh, which reads what
# STATE_FILE keeps, brings back what was serving.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"
# shellcheck source=.github/scripts/container_app.sh
. "$here/container_app.sh"
# shellcheck source=.github/scripts/canary.sh
. "$here/canary.sh"

LABEL=canary
KEEP=3

check_settings() {
  case $IMAGE in
    *@sha256:*) ;;
    *) fail "IMAGE must name a digest: $IMAGE" ;;
  esac
  [ "$(app_show "$APP" properties.configuration.activeRevisionsMode)" = Multiple ] ||
    fail "$APP must keep multiple revisions: the split of traffic needs them"
  [ "$CANARY" != true ] || prepare_watch
}

# Traffic that follows "the latest" would give everything to the new revision at once.
pin_serving() {
  serving=$(serving_revision)
  remember serving "$serving"
  output serving "$serving"
  note "$serving is serving"
  set_traffic "$serving=100"
}

create_candidate() {
  candidate="$APP--$SUFFIX"
  remember candidate "$candidate"
  output revision "$candidate"
  az containerapp update --name "$APP" --resource-group "$RESOURCE_GROUP" --image "$IMAGE" \
    --revision-suffix "$SUFFIX" --set-env-vars "DEPLOY_SHA=$DEPLOY_SHA" "VERSION=$VERSION" \
    --output none
  az containerapp revision label add --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --label "$LABEL" --revision "$candidate" --yes --output none
  fqdn=$(revision_fqdn "$candidate")
  note "$candidate is there, without traffic, at $fqdn"
}

check_candidate() {
  local told
  wait_until_ready "$fqdn" || fail "$candidate did not become ready in ten tries"
  told=$(curl --silent --show-error --fail --max-time 10 "https://$fqdn/health")
  case $told in
    *"\"version\":\"$VERSION\""*) note "$candidate is ready and says $VERSION" ;;
    *) fail "$candidate does not say that it is $VERSION: $told" ;;
  esac
}

serve_candidate() {
  local host
  host=$(app_show "$APP" properties.configuration.ingress.fqdn)
  set_traffic "$candidate=100" "$serving=0"
  wait_until_ready "$host" ||
    fail "$APP is not ready with all traffic on $candidate"
}

update_worker() {
  local first='properties.template.containers[0]' old_sha old_version old_image
  old_sha=$(app_show "$WORKER" "$first.env[?name=='DEPLOY_SHA'].value | [0]")
  old_version=$(app_show "$WORKER" "$first.env[?name=='VERSION'].value | [0]")
  old_image=$(app_show "$WORKER" "$first.image")
  remember worker_sha "$old_sha"
  remember worker_version "$old_version"
  remember worker_image "$old_image"
  set_worker_image "$IMAGE" "$DEPLOY_SHA" "$VERSION" || fail "$WORKER did not become ready with the new image"
  note "$WORKER runs the new image"
}

keep_the_newest() {
  local name
  for name in $(az containerapp revision list --name "$APP" --resource-group "$RESOURCE_GROUP" \
    --query "sort_by([?properties.active], &properties.createdTime)[:-$KEEP].name" --output tsv); do
    [ "$name" = "$serving" ] || [ "$name" = "$candidate" ] || deactivate "$name"
  done
}

check_settings
pin_serving
"$here/migrate.sh"
create_candidate
check_candidate
if [ "$CANARY" = true ]; then
  set_traffic "$serving=90" "$candidate=10"
  watch_canary "$serving" "$candidate" "$fqdn"
fi
serve_candidate
update_worker
# From here on a failure is worth a look, and no reason to go back.
remember finished yes
keep_the_newest
az containerapp revision label remove --name "$APP" --resource-group "$RESOURCE_GROUP" \
  --label "$LABEL" --output none
summarise "| Revision | \`$candidate\` (before: \`$serving\`) |"
note "$candidate serves"
