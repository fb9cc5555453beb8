// Api, worker with sweeper, and the migration: one image, one identity, the same variables and secrets.
// The names of the variables are those of docs/settings.md; main.bicep knows the values.

@description('Names end with this: application, environment, region')
param suffix string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Environment of Container Apps')
param environmentId string

@description('Resource id of the identity of the apps')
param identityId string

@description('Registry of the image')
param registryServer string

@description('Image by its digest')
param image string

@description('Address of the vault, with its last slash')
param vaultUri string

@description('Leaves out api and worker, so that the migration can run before them')
param deployApps bool

@description('Cores, memory and numbers of replicas')
param sizes object

@description('Variables of all of them that are no secrets: name, value')
param variables array

@description('Whether interviews by phone are set up')
param phoneEnabled bool

@description('Whether the secret before is accepted, too, while the address of the events is changed')
param rotatesEventSecret bool

@description('How much the api writes')
param logLevel string

@description('Redis as host:port')
param redisAddress string

@description('See container-app.bicep')
param servingRevision string

@description('See container-app.bicep')
param canaryRevision string

@description('See container-app.bicep')
param canaryWeight int

@description('See container-app.bicep')
param customDomain string

@description('See container-app.bicep')
param certificateId string

// Kept in the vault under the name of the variable, in small letters with hyphens.
var always = [
  { name: 'SECRET_KEY', secretRef: 'secret-key' }
  { name: 'JWT_SECRET', secretRef: 'jwt-secret' }
  { name: 'DATABASE_URL', secretRef: 'database-url' }
  { name: 'REDIS_PASSWORD', secretRef: 'redis-password' }
  { name: 'EMAIL_URL', secretRef: 'email-url' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', secretRef: 'applicationinsights-connection-string' }
]

var phone = [
  { name: 'AZURE_EVENTGRID_SECRET', secretRef: 'azure-eventgrid-secret' }
]
var rotation = [
  { name: 'AZURE_EVENTGRID_PREVIOUS_SECRET', secretRef: 'azure-eventgrid-previous-secret' }
]
var secretVariables = concat(always, phoneEnabled ? phone : [], phoneEnabled && rotatesEventSecret ? rotation : [])

var secrets = [for variable in secretVariables: {
  name: variable.secretRef
  keyVaultUrl: '${vaultUri}secrets/${variable.secretRef}'
  identity: identityId
}]

var shared = concat(variables, secretVariables)

module migrate 'job.bicep' = {
  name: 'migrate'
  params: {
    name: 'caj-migrate-${suffix}'
    location: location
    tags: tags
    environmentId: environmentId
    identityId: identityId
    registryServer: registryServer
    image: image
    command: 'migrate'
    secrets: secrets
    variables: concat(shared, [
      { name: 'OTEL_SERVICE_NAME', value: 'talenti-migrate' }
      { name: 'LOG_LEVEL', value: 'INFO' }
    ])
  }
}

module api 'container-app.bicep' = if (deployApps) {
  name: 'api'
  params: {
    name: 'ca-api-${suffix}'
    location: location
    tags: tags
    environmentId: environmentId
    identityId: identityId
    registryServer: registryServer
    image: image
    secrets: secrets
    variables: concat(shared, [
      { name: 'OTEL_SERVICE_NAME', value: 'talenti-api' }
      { name: 'LOG_LEVEL', value: logLevel }
    ])
    cpu: sizes.cpu
    memory: sizes.memory
    minReplicas: sizes.minReplicas
    maxReplicas: sizes.maxReplicas
    servingRevision: servingRevision
    canaryRevision: canaryRevision
    canaryWeight: canaryWeight
    customDomain: customDomain
    certificateId: certificateId
  }
}

module worker 'worker-app.bicep' = if (deployApps) {
  name: 'worker'
  params: {
    name: 'ca-worker-${suffix}'
    location: location
    tags: tags
    environmentId: environmentId
    identityId: identityId
    registryServer: registryServer
    image: image
    secrets: secrets
    variables: concat(shared, [
      { name: 'OTEL_SERVICE_NAME', value: 'talenti-worker' }
      { name: 'LOG_LEVEL', value: 'INFO' }
    ])
    sweeperVariables: concat(shared, [
      { name: 'OTEL_SERVICE_NAME', value: 'talenti-sweep' }
      { name: 'LOG_LEVEL', value: 'INFO' }
    ])
    phoneEnabled: phoneEnabled
    maxReplicas: sizes.workerMaxReplicas
    redisAddress: redisAddress
  }
}

output migrateJobName string = migrate.outputs.name
