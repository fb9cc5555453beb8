#!/usr/bin/env bash
# Tell a Slack channel how a deployment ended. Without SLACK_WEBHOOK_URL it does nothing.
# Reads TITLE, RESULT, VERSION, ACTOR, RUN_URL; nobody's message fails a deployment.
set -euo pipefail

[ -n "${SLACK_WEBHOOK_URL:-}" ] || exit 0
body=$(python3 - <<'PYTHON'
import json
import os

mark = ":white_check_mark:" if os.environ["RESULT"] == "success" else ":x:"
names = ("TITLE", "RESULT", "VERSION", "ACTOR", "RUN_URL")
title, result, version, actor, url = (os.environ[name] for name in names)
print(json.dumps({"text": f"{mark} *{title}: {result}*\nVersion `{version}`, by {actor}, {url}"}))
PYTHON
)
curl --silent --show-error --fail --max-time 10 --output /dev/null \
  --header 'Content-Type: application/json' --data "$body" "$SLACK_WEBHOOK_URL" ||
  echo "::warning::Slack could not be told"
