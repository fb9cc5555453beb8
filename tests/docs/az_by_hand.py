"""Commands of the Azure CLI that people type and no script of ours runs: see tests/stubs.

From the same reference; `load` is an extension that installs itself at its first use.
"""

APP = "--name! --resource-group!"
BY_HAND = {
    "acr check-health": "--name! --yes? --ignore-errors? --vnet --repository",
    "ad app credential reset": "--id! --append? --years --display-name --end-date",
    "communication show": "--name! --resource-group!",
    "consumption usage list": "--start-date --end-date --top --include-meter-details?"
    " --include-additional-properties? --billing-period-name",
    "containerapp exec": f"{APP} --command --container --replica --revision",
    "containerapp replica list": f"{APP} --revision",
    "eventgrid system-topic delete": "--name! --resource-group! --yes?",
    "load create": f"{APP} --location --identity-type --tags+",
    "load test create": "--load-test-resource! --test-id! --resource-group --load-test-config-file",
    "load test-run create": "--load-test-resource! --test-id! --test-run-id! --resource-group"
    " --existing-test-run-id --display-name --description",
    "login": "--tenant",
    "monitor diagnostic-settings create": "--name! --resource! --resource-group --workspace --logs"
    " --metrics --storage-account --event-hub --event-hub-rule --export-to-resource-specific",
    "monitor metrics list": "--resource! --metrics+ --aggregation+ --interval --start-time"
    " --end-time --offset",
    "role definition create": "--role-definition!",
    "storage account show": "--name! --resource-group --expand",
    "storage blob undelete": "--account-name --container-name! --name! --auth-mode",
}
