// Azure Managed Redis: the doorbell of waiting work, and shared rate limits. Losing it costs time and
// never an interview (the work itself is in the database), so nothing of it is stored on disk.

@description('Name of the cache')
@minLength(1)
@maxLength(60)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Size, for example Balanced_B0')
param skuName string

@description('A second node takes over by itself')
param highAvailability bool

@description('Closes the cache to everybody outside the virtual network')
param privateAccess bool

@description('Vault that gets REDIS_PASSWORD')
param keyVaultName string

resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
  }
  properties: {
    highAvailability: highAvailability ? 'Enabled' : 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateAccess ? 'Disabled' : 'Enabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cache
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    // The broker's scripts touch several keys at once, which a cluster refuses.
    clusteringPolicy: 'NoCluster'
    // A full cache must say so; dropping keys would drop messages silently.
    evictionPolicy: 'NoEviction'
    // The broker and the scaler sign in with a key: neither knows how to with an identity.
    accessKeysAuthentication: 'Enabled'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource password 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = {
  parent: vault
  name: 'redis-password'
  properties: {
    value: database.listKeys().primaryKey
    contentType: 'text/plain'
  }
}

output id string = cache.id
output name string = cache.name
output address string = '${cache.properties.hostName}:10000'
