// Where logs, metrics and traces of an environment are kept.

@description('Name of the workspace')
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Days until logs are deleted')
@minValue(30)
@maxValue(730)
param retentionInDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    features: {
      // Whoever may read a resource may read its logs, and no more.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

output workspaceId string = workspace.id
output name string = workspace.name
