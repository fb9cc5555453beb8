// The virtual network: one subnet for the apps, one for private endpoints.
//
// It exists in every environment, since an environment of Container Apps cannot be moved into one
// later. Only the private endpoints are left out where they would cost more than they protect (dev).

@description('Name of the virtual network')
param name string

@description('Names of the network security groups begin with this')
param securityGroupPrefix string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Range of the whole network')
param addressPrefix string = '10.0.0.0/16'

@description('Range of the apps; the platform takes addresses from it for every replica')
param appsPrefix string = '10.0.0.0/23'

@description('Range of the private endpoints')
param endpointsPrefix string = '10.0.2.0/24'

var denyTheRest = {
  name: 'DenyAllInbound'
  properties: {
    priority: 4096
    direction: 'Inbound'
    access: 'Deny'
    protocol: '*'
    sourceAddressPrefix: '*'
    sourcePortRange: '*'
    destinationAddressPrefix: '*'
    destinationPortRange: '*'
  }
}

resource appsGroup 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: '${securityGroupPrefix}-apps'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowHTTPS'
        properties: {
          description: 'Requests; 31443 is where the edge proxy of the environment listens.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRanges: ['443', '31443']
        }
      }
      {
        name: 'AllowLoadBalancerProbes'
        properties: {
          description: 'Without it the platform takes every replica for dead.'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'AllowWithinApps'
        properties: {
          description: 'The proxies, the scaler and the replicas of the environment among themselves.'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: appsPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: appsPrefix
          destinationPortRange: '*'
        }
      }
      denyTheRest
    ]
  }
}

resource endpointsGroup 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: '${securityGroupPrefix}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowApps'
        properties: {
          description: 'HTTPS services, PostgreSQL and Azure Managed Redis.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: appsPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRanges: ['443', '5432', '10000']
        }
      }
      denyTheRest
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'snet-container-apps'
        properties: {
          addressPrefix: appsPrefix
          networkSecurityGroup: {
            id: appsGroup.id
          }
          delegations: [
            {
              name: 'Microsoft.App.environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'snet-private-endpoints'
        properties: {
          addressPrefix: endpointsPrefix
          networkSecurityGroup: {
            id: endpointsGroup.id
          }
          // The rules above hold for private endpoints only when this says so.
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }
}

output id string = network.id
output appsSubnetId string = '${network.id}/subnets/snet-container-apps'
output endpointsSubnetId string = '${network.id}/subnets/snet-private-endpoints'
