// The worker, with a sweeper beside it. Nobody calls it: it has no ingress, and one revision at a time.
// Two sweepers are harmless, so every replica has one. With a phone there is a third process, for live
// calls alone: whoever is on the line must not wait behind half an hour of transcription.

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

@description('Environment variables of the worker: name with value or secretRef')
param variables array

@description('Environment variables of the sweeper')
param sweeperVariables array

@description('Port of the health of the worker')
param healthPort int = 8001

@description('Port of the health of the sweeper: both share one address')
param sweeperHealthPort int = 8002

@description('Port of the health of the worker of calls')
param callsHealthPort int = 8003

@description('Whether calls are made: their work then has a worker of its own')
param phoneEnabled bool

@description('Replicas at most; one always runs, because it sweeps')
@minValue(1)
@maxValue(30)
param maxReplicas int

@description('Redis as host:port')
param redisAddress string

@description('Lists of waiting messages, one for each queue of the application')
param redisLists array = ['dramatiq:default', 'dramatiq:media', 'dramatiq:calls']

// Its threads wait for the line, not for a processor.
var callsContainers = [
  {
    name: 'calls'
    image: image
    args: ['worker', '--queues', 'calls', '--threads', '8']
    env: concat(variables, [
      { name: 'WORKER_MODE', value: 'true' }
      { name: 'HEALTH_PORT', value: string(callsHealthPort) }
    ])
    resources: {
      cpu: json('0.5')
      memory: '1Gi'
    }
    probes: [
      {
        type: 'Startup'
        httpGet: {
          path: '/health'
          port: callsHealthPort
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
          port: callsHealthPort
        }
        initialDelaySeconds: 10
        periodSeconds: 30
        timeoutSeconds: 5
        failureThreshold: 3
      }
    ]
  }
]

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
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 3
      secrets: secrets
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
    }
    template: {
      // A call of the AI provider may take 85 s; what is not done by then is done again elsewhere.
      terminationGracePeriodSeconds: 120
      containers: concat([
        {
          name: 'worker'
          image: image
          args: phoneEnabled ? ['worker', '--queues', 'default', 'media'] : ['worker']
          env: concat(variables, [
            { name: 'WORKER_MODE', value: 'true' }
            { name: 'HEALTH_PORT', value: string(healthPort) }
          ])
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          // No probe of /health/ready: it answers 503 during a long backlog, which no restart cures.
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health'
                port: healthPort
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
                port: healthPort
              }
              initialDelaySeconds: 10
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
        }
        {
          name: 'sweep'
          image: image
          args: ['sweep']
          env: concat(sweeperVariables, [
            { name: 'HEALTH_PORT', value: string(sweeperHealthPort) }
          ])
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health'
                port: sweeperHealthPort
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
                port: sweeperHealthPort
              }
              initialDelaySeconds: 10
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ], phoneEnabled ? callsContainers : [])
      scale: {
        minReplicas: 1
        maxReplicas: maxReplicas
        rules: [for list in redisLists: {
          name: replace(list, ':', '-')
          custom: {
            type: 'redis'
            metadata: {
              address: redisAddress
              listName: list
              listLength: '5'
              enableTLS: 'true'
            }
            auth: [
              {
                secretRef: 'redis-password'
                triggerParameter: 'password'
              }
            ]
          }
        }]
      }
    }
  }
}

output name string = app.name
