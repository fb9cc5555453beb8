// The registry of the one image. Nobody signs in with a password: apps pull and pipelines push by
// their identities.
//
// Its public address stays open in every environment, because pipelines outside the virtual network
// push and promote images. In Premium the apps pull over a private endpoint all the same.

@description('Name of the registry: letters and digits, unique in the world')
@minLength(5)
@maxLength(50)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Basic, or Premium for zones, replicas and private endpoints')
@allowed(['Basic', 'Standard', 'Premium'])
param sku string

@description('Spread over the zones of the region (Premium)')
param zoneRedundant bool

@description('Other regions from which images can be pulled when this one is down (Premium)')
param replicaLocations array = []

var premium = sku == 'Premium'
var zoneRedundancy = zoneRedundant ? 'Enabled' : 'Disabled'

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Enabled'
    zoneRedundancy: premium ? zoneRedundancy : null
    // No retention policy: what runs is named by its digest and may have lost its tag.
  }
}

resource replicas 'Microsoft.ContainerRegistry/registries/replications@2025-11-01' = [for replica in (premium ? replicaLocations : []): {
  parent: registry
  name: replica
  location: replica
  tags: tags
  properties: {
    regionEndpointEnabled: true
    zoneRedundancy: zoneRedundancy
  }
}]

output id string = registry.id
output name string = registry.name
output loginServer string = registry.properties.loginServer
