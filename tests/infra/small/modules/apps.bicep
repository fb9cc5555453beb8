param suffix string
param location string
param environmentId string
param identityId string
param registryServer string
param image string
param vaultUri string
param recordings string

@minValue(1)
param mostReplicas int

var secretNames = ['secret-key']
var secrets = [for name in secretNames: {
  name: name
  keyVaultUrl: '${vaultUri}secrets/${name}'
  identity: identityId
}]
var secretVariables = map(secretNames, name => {
  name: toUpper(replace(name, '-', '_'))
  secretRef: name
})
var variables = concat(secretVariables, [
  { name: 'AZURE_STORAGE_CONTAINER', value: recordings }
])

resource api 'Microsoft.App/containerApps@2026-07-01' = {
  name: 'ca-api-${suffix}'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    environmentId: environmentId
    configuration: {
      secrets: secrets
      registries: [{ server: registryServer, identity: identityId }]
      ingress: {
        external: true
        targetPort: 8000
        traffic: [{ latestRevision: true, weight: 100 }]
      }
    }
    template: {
      containers: [
        {
          name: 'api'
          image: image
          args: ['api']
          env: variables
          resources: { cpu: json('0.5'), memory: '1Gi' }
          probes: [{ type: 'Liveness', httpGet: { path: '/health', port: 8000 } }]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: mostReplicas
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '100' } } }]
      }
    }
  }
}

resource worker 'Microsoft.App/containerApps@2026-07-01' = {
  name: 'ca-worker-${suffix}'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    environmentId: environmentId
    configuration: {
      secrets: secrets
      registries: [{ server: registryServer, identity: identityId }]
    }
    template: {
      containers: [
        {
          name: 'worker'
          image: image
          args: ['worker']
          env: variables
          resources: { cpu: json('0.5'), memory: '1Gi' }
          probes: [{ type: 'Liveness', httpGet: { path: '/health', port: 8001 } }]
        }
      ]
      scale: {
        maxReplicas: 5
        rules: [
          {
            name: 'waiting'
            custom: {
              type: 'redis'
              metadata: { address: 'cache:6380', listName: 'dramatiq:default', listLength: '5' }
            }
          }
        ]
      }
    }
  }
}
