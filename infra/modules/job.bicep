// Brings the database to what a new version needs. Started by hand or by the pipeline, before the
// revision that needs it takes requests.

@description('Name of the job')
@minLength(2)
@maxLength(32)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Environment it runs in')
param environmentId string

@description('Identity that pulls and reads secrets')
param identityId string

@description('Registry of the image')
param registryServer string

@description('Image by its digest')
param image string

@description('Command of the image')
param command string

@description('Secrets: name, keyVaultUrl, identity')
param secrets array

@description('Environment variables: name with value or secretRef')
param variables array

@description('Seconds until a run is ended')
@minValue(60)
param timeoutSeconds int = 1800

resource job 'Microsoft.App/jobs@2026-07-01' = {
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
      triggerType: 'Manual'
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      replicaTimeout: timeoutSeconds
      // What failed is looked at by a person before it is tried again.
      replicaRetryLimit: 0
      secrets: secrets
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: command
          image: image
          args: [command]
          env: variables
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
        }
      ]
    }
  }
}

output name string = job.name
