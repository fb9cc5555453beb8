# shellcheck shell=bash
# Watches the requests that a new revision really answered, against those of the old one, in Log
# Analytics. Sourced by release.sh. All times in seconds.

WATCH_SECONDS=300
WATCH_STEP=30
# Telemetry arrives minutes late, and a quiet hour has few requests: wait so long for enough.
WATCH_PATIENCE=900
LEAST_REQUESTS=${CANARY_LEAST_REQUESTS:-50}
LEAST_FAILURES=3      # one unlucky request is no trend
WORSE_ERROR_RATE=0.01 # more than the old revision's, as a share of 1
WORSE_LATENCY=1.5     # times the old revision's p95 ...
LATENCY_FLOOR_MS=500  # ... but what is below this is fast enough
LATENCY_LIMIT_MS=5000 # what the latency alert calls slow: holds where the old one has no requests

# Side, requests, requests that failed on our side (5xx), p95 in ms. Probes are not in AppRequests.
# A replica is named after its revision; ItemCount undoes sampling.
canary_query() {
  cat <<KQL
AppRequests
| where TimeGenerated >= datetime($3)
| extend side = case(AppRoleInstance startswith "$2-", "new", AppRoleInstance startswith "$1-", "old", "")
| where side != ""
| summarize requests = sum(ItemCount), failed = sumif(ItemCount, toint(ResultCode) >= 500),
    p95 = percentilew(DurationMs, ItemCount, 95) by side
KQL
}

# canary_numbers CUSTOMER_ID OLD NEW SINCE
canary_numbers() {
  az monitor log-analytics query --workspace "$1" --timespan PT2H \
    --analytics-query "$(canary_query "${@:2}")" \
    --query '[].[side, requests, failed, p95]' --output tsv
}

# Reads the numbers, prints good, wait or bad, and why.
judge() {
  awk -F '\t' -v least="$LEAST_REQUESTS" -v least_failures="$LEAST_FAILURES" \
    -v worse_rate="$WORSE_ERROR_RATE" -v worse_latency="$WORSE_LATENCY" \
    -v floor="$LATENCY_FLOOR_MS" -v limit="$LATENCY_LIMIT_MS" '
    { requests[$1] = $2; failed[$1] = $3; p95[$1] = $4 }
    END {
      n = requests["new"] + 0
      rate = n ? failed["new"] / n : 0
      old_rate = requests["old"] ? failed["old"] / requests["old"] : 0
      slow = requests["old"] ? p95["old"] * worse_latency : limit
      if (slow < floor) slow = floor
      text = sprintf("%d requests, %.2f %% failed (old %.2f %%), p95 %d ms (at most %d)",
        n, rate * 100, old_rate * 100, p95["new"], slow)
      if (failed["new"] >= least_failures && rate > old_rate + worse_rate) print "bad", text
      else if (n < least) print "wait", text
      else if (p95["new"] > slow) print "bad", text
      else print "good", text
    }'
}

# The command that asks Log Analytics is an extension, which installs itself only where a person says yes.
prepare_watch() {
  az extension add --name log-analytics --yes --output none
}

# watch_canary OLD NEW FQDN: returns when the new revision has proved itself; fails otherwise.
watch_canary() {
  local customer since elapsed=0 verdict status
  customer=$(az monitor log-analytics workspace show --workspace-name "$WORKSPACE" \
    --resource-group "$RESOURCE_GROUP" --query customerId --output tsv)
  since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  while [ "$elapsed" -lt "$WATCH_PATIENCE" ]; do
    sleep "$WATCH_STEP"
    elapsed=$((elapsed + WATCH_STEP))
    status=$(http_status "https://$3/health/ready")
    [ "$status" = 200 ] || wait_until_ready "$3" || fail "canary: $2 is no longer ready: $status"
    # Log Analytics may be out of reach for a moment; without numbers nothing is ever good.
    verdict=$(canary_numbers "$customer" "$1" "$2" "$since" | judge) || verdict="wait no numbers"
    note "canary after $elapsed s: $verdict"
    case $verdict in
      bad*) fail "canary: ${verdict#bad }" ;;
      good*) [ "$elapsed" -lt "$WATCH_SECONDS" ] || break ;;
    esac
  done
  case $verdict in
    good*) summarise "| Canary | ${verdict#good } |" ;;
    *) fail "canary: too few requests in $elapsed s: ${verdict#wait }" ;;
  esac
}
