#!/usr/bin/env bash
# Deploys an environment: see infra/scripts/deploy.sh --help.
exec "$(dirname "${BASH_SOURCE[0]}")/../infra/scripts/deploy.sh" "$@"
