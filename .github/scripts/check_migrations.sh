#!/usr/bin/env bash
# The migrations between what serves now and the commit that is to be released only add, so that
# both can run on one database. Reads RESOURCE_GROUP, APP and TARGET_SHA.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/scripts/reporting.sh
. "$here/reporting.sh"
# shellcheck source=.github/scripts/container_app.sh
. "$here/container_app.sh"

serving=$(serving_revision)
sha=$(az containerapp revision show --name "$APP" --resource-group "$RESOURCE_GROUP" \
  --revision "$serving" \
  --query "properties.template.containers[0].env[?name=='DEPLOY_SHA'].value | [0]" --output tsv)
[ -n "$sha" ] || fail "$serving does not say which commit it runs (DEPLOY_SHA)"
python3 "$here/expanding_migrations.py" "$sha" "$TARGET_SHA" || fail "see above: these migrations take away"
