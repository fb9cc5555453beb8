#!/usr/bin/env bash
# An environment runs this image and is ready: what may go on to the next one.
# Reads RESOURCE_GROUP, APP and DIGEST.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"
# shellcheck source=.github/scripts/container_app.sh
. "$here/container_app.sh"

serving=$(serving_revision)
image=$(az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" \
  --revision "$serving" --query 'properties.template.containers[0].image' --output tsv)
[ "${image#*@}" = "$DIGEST" ] || fail "$serving runs $image, not $DIGEST"
wait_until_ready "$(app_show "$APP" properties.configuration.ingress.fqdn)" || fail "$APP is not ready"
note "$APP serves this image and is ready"
