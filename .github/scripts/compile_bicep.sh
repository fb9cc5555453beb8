#!/usr/bin/env bash
# Compile and lint the template, and compile every set of parameters against it. Needs no login.
set -euo pipefail

az bicep install --output none
az bicep lint --file infra/main.bicep
az bicep build --file infra/main.bicep --stdout >/dev/null
for parameters in infra/parameters/*.bicepparam; do
  echo "$parameters"
  az bicep build-params --file "$parameters" --stdout >/dev/null
done
