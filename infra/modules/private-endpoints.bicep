// Addresses within the virtual network for the services behind the apps, with the DNS zones that make
// their public names lead there. An endpoint without its zone changes nothing.

@description('Names of the endpoints end with this: application, environment, region')
param suffix string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Virtual network')
param networkId string

@description('Subnet of the endpoints')
param subnetId string

@description('Vault')
param keyVaultId string

@description('Storage account')
param storageId string

@description('Azure Managed Redis')
param redisId string

@description('OpenAI account')
param openAiId string

@description('Server of the database; empty when it is not ours')
param postgresId string

@description('Registry; empty below Premium, which knows no private endpoints')
param registryId string

var always = [
  { name: 'vault', targetId: keyVaultId, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
  { name: 'blob', targetId: storageId, group: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { name: 'redis', targetId: redisId, group: 'redisEnterprise', zone: 'privatelink.redis.azure.net' }
  { name: 'openai', targetId: openAiId, group: 'account', zone: 'privatelink.openai.azure.com' }
]
var database = [
  { name: 'postgres', targetId: postgresId, group: 'postgresqlServer', zone: 'privatelink.postgres.database.azure.com' }
]
var images = [
  { name: 'registry', targetId: registryId, group: 'registry', zone: 'privatelink${environment().suffixes.acrLoginServer}' }
]
var targets = concat(always, empty(postgresId) ? [] : database, empty(registryId) ? [] : images)

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for target in targets: {
  name: target.zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (target, i) in targets: {
  parent: zones[i]
  name: 'link-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2026-03-01' = [for target in targets: {
  name: 'pe-${target.name}-${suffix}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: 'conn-${target.name}'
        properties: {
          privateLinkServiceId: target.targetId
          groupIds: [target.group]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = [for (target, i) in targets: {
  parent: endpoints[i]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: target.name
        properties: {
          privateDnsZoneId: zones[i].id
        }
      }
    ]
  }
}]
