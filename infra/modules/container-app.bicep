// The api. New revisions come beside the old one; which of them is asked is said by parameters, so
// that deploying this file again neither ends nor begins a canary.

@description('Name of the app')
@minLength(2)
@maxLength(32)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Environment it runs in')
param environmentId string

@description('Identity that pulls, reads secrets and calls Azure')
param identityId string

@description('Registry of the image')
param registryServer string

@description('Image by its digest')
param image string

@description('Secrets: name, keyVaultUrl, identity')
param secrets array

@description('Environment variables: name with value or secretRef')
param variables array

@description('Port the process listens on')
param targetPort int = 8000

@description('Cores')
param cpu string

@description('Memory')
param memory string

@description('Replicas that always run')
@minValue(0)
@maxValue(30)
param minReplicas int

@description('Replicas at most')
@minValue(1)
@maxValue(30)
param maxReplicas int

@description('Revision that serves; empty on the first deployment: whatever is newest')
param servingRevision string = ''

@description('Revision that is tried beside it')
param canaryRevision string = ''

@description('Percent of the requests that go to it')
@minValue(0)
@maxValue(100)
param canaryWeight int = 0

@description('Our own domain, whose records lead here already; empty without')
param customDomain string = ''

@description('Its certificate; empty for one that the platform gets and renews')
param certificateId string = ''

var newest = [
  { latestRevision: true, weight: 100 }
]
var serving = [
  { revisionName: servingRevision, weight: empty(canaryRevision) ? 100 : 100 - canaryWeight }
]
var canary = [
  { revisionName: canaryRevision, weight: canaryWeight, label: 'canary' }
]
var pinned = concat(serving, empty(canaryRevision) ? [] : canary)
var renewed = { name: customDomain, bindingType: 'Auto' }
var brought = { name: customDomain, bindingType: 'SniEnabled', certificateId: certificateId }

resource app 'Microsoft.App/containerApps@2026-07-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Multiple'
      maxInactiveRevisions: 3
      secrets: secrets
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      ingress: {
        external: true
        targetPort: targetPort
        transport: 'http'
        allowInsecure: false
        // Which origins may call is the application's to say (ALLOWED_ORIGINS): no second CORS here.
        traffic: empty(servingRevision) ? newest : pinned
        customDomains: empty(customDomain) ? [] : empty(certificateId) ? [renewed] : [brought]
      }
    }
    template: {
      // Longer than the server's own patience with requests under way (25 s).
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'api'
          image: image
          args: ['api']
          env: variables
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health'
                port: targetPort
              }
              initialDelaySeconds: 3
              periodSeconds: 10
              timeoutSeconds: 3
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health'
                port: targetPort
              }
              initialDelaySeconds: 10
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: targetPort
              }
              initialDelaySeconds: 5
              periodSeconds: 10
              timeoutSeconds: 3
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [
          {
            name: 'http-scaling'
            http: {
              metadata: {
                concurrentRequests: '100'
              }
            }
          }
          {
            name: 'cpu-scaling'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '70'
              }
            }
          }
          {
            name: 'memory-scaling'
            custom: {
              type: 'memory'
              metadata: {
                type: 'Utilization'
                value: '80'
              }
            }
          }
        ]
      }
    }
  }
}

output name string = app.name
output fqdn string = app.properties.configuration.ingress.fqdn
output latestRevisionName string = app.properties.latestRevisionName
