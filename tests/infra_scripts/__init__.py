"""The scripts of infra/scripts against a stand-in for the Azure CLI."""
