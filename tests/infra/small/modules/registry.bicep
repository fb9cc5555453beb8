param name string
param location string
param zoneRedundant bool

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  sku: { name: 'Premium' }
  properties: {
    adminUserEnabled: false
    zoneRedundancy: zoneRedundant ? 'Enabled' : 'Disabled'
  }
}

output name string = registry.name
output loginServer string = registry.properties.loginServer
