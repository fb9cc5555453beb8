param name string
param location string

resource group 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: 'nsg-apps'
  location: location
  properties: { securityRules: [] }
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      {
        name: 'snet-container-apps'
        properties: {
          addressPrefix: '10.0.0.0/23'
          networkSecurityGroup: { id: group.id }
          delegations: [
            { name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
        }
      }
    ]
  }
}

output subnetId string = '${network.id}/subnets/snet-container-apps'
