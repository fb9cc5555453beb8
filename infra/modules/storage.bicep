// Recordings, candidates' documents, exports, and events that could not be delivered.
//
// The public address stays open in every environment: candidates' browsers send their recordings
// straight to it. What protects it: no account keys, no public blobs, TLS, and addresses signed with a
// borrowed key for one file and a quarter of an hour. The apps use the private endpoint.

@description('Name of the account: small letters and digits, unique in the world')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Redundancy. It cannot be changed freely later: zones and the other region are one decision.')
@allowed(['Standard_LRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param sku string

@description('Names of all containers')
param containers array

@description('Web origins that may send and fetch files from a browser')
param webOrigins array

@description('Days for which deleted files can be brought back. A deletion is final only after them.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 30

resource account 'Microsoft.Storage/storageAccounts@2026-09-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
  }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2026-09-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    cors: {
      corsRules: [
        {
          allowedOrigins: webOrigins
          allowedMethods: ['PUT', 'GET', 'HEAD']
          allowedHeaders: ['content-type', 'range', 'x-ms-blob-type']
          exposedHeaders: ['content-length', 'content-range']
          maxAgeInSeconds: 3600
        }
      ]
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-09-01' = [for container in containers: {
  parent: blobService
  name: container
  properties: {
    publicAccess: 'None'
  }
}]

// Recordings: the application deletes them after the days each organisation chose (3650 at most) and
// never under a legal hold. This is the backstop, later than any of that.
// Exports: cold and not archive, a tier that does not exist where data is kept in several zones.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-09-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: loadJsonContent('../storage-lifecycle-policy.json')
  }
}

output id string = account.id
output name string = account.name
