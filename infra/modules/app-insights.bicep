// Application Insights over the workspace. Its connection string goes into the vault, not into an
// output: whoever holds it can write telemetry in our name.

@description('Name of the component')
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace that keeps the data')
param workspaceId string

@description('Vault that gets the connection string')
param keyVaultName string

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    IngestionMode: 'LogAnalytics'
    // Addresses of people are never kept.
    DisableIpMasking: false
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource connectionString 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = {
  parent: vault
  name: 'applicationinsights-connection-string'
  properties: {
    value: component.properties.ConnectionString
    contentType: 'text/plain'
  }
}

output id string = component.id
output name string = component.name
