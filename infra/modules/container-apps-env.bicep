// The environment of the apps. It is one of workload profiles: the Consumption profile scales by the
// second, and a dedicated one can be added without making the environment anew.

@description('Name of the environment')
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace that gets what the containers write')
param logAnalyticsWorkspaceName string

@description('Subnet of its own, delegated to Microsoft.App/environments')
param subnetId string

@description('Spread over the zones of the region. Can be chosen only at the beginning.')
param zoneRedundant bool = false

@description('Workload profiles')
param workloadProfiles array = [
  {
    name: 'Consumption'
    workloadProfileType: 'Consumption'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: logAnalyticsWorkspaceName
}

resource managedEnvironment 'Microsoft.App/managedEnvironments@2026-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: workspace.properties.customerId
        sharedKey: workspace.listKeys().primarySharedKey
      }
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: false
    }
    zoneRedundant: zoneRedundant
    workloadProfiles: workloadProfiles
    peerAuthentication: {
      mtls: {
        enabled: true
      }
    }
  }
}

output environmentId string = managedEnvironment.id
output environmentName string = managedEnvironment.name
output defaultDomain string = managedEnvironment.properties.defaultDomain
output staticIp string = managedEnvironment.properties.staticIp
