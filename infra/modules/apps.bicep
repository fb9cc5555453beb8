// Api, worker with sweeper, and the migration: one image, one identity, the same variables and secrets.
// The names of the variables are those of docs/settings.md; the secrets are in the vault.

@description('Where it stands: dev, staging or prod')
@allowed(['dev', 'staging', 'prod'])
param environmentName string

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

@description('Its client id')
param identityClientId string

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

@description('Address people open')
param publicUrl string

@description('Host names that lead here')
param allowedHosts array

@description('Origins of the frontend')
param allowedOrigins array

@description('Redis as host:port')
param redisAddress string

@description('Storage account')
param storageName string

@description('Containers: recordings, documents, exports')
param containers object

@description('Address of OpenAI')
param openAiEndpoint string

@description('Version of its interface')
param openAiApiVersion string

@description('Deployment of the model')
param openAiDeployment string

@description('Address of Speech')
param speechEndpoint string

@description('Region of Speech')
param speechRegion string

@description('Sender of mails')
param emailFrom string

@description('Who issues access tokens')
param jwtIssuer string

@description('Whom they are for')
param jwtAudience string

@description('Minutes for which a signed address works')
param sasTtlMinutes int

@description('Requests of one person in a window')
param rateLimitRequests int

@description('The window, in seconds')
param rateLimitWindowSeconds int

@description('Days until recordings are deleted, where an organisation sets nothing else')
param recordingRetentionDays int

@description('The longest recording, in minutes')
param maxRecordingMinutes int

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

// The application knows two ways of being deployed, and asks less of a developer's own machine. The dev
// stack can be reached by strangers: it is held to the rules of staging.
var runsAs = environmentName == 'dev' ? 'staging' : environmentName
var verbose = environmentName == 'prod' ? 'INFO' : 'DEBUG'

// Kept in the vault under the name of the variable, in small letters with hyphens.
var secretVariables = [
  { name: 'SECRET_KEY', secretRef: 'secret-key' }
  { name: 'JWT_SECRET', secretRef: 'jwt-secret' }
  { name: 'DATABASE_URL', secretRef: 'database-url' }
  { name: 'REDIS_PASSWORD', secretRef: 'redis-password' }
  { name: 'EMAIL_URL', secretRef: 'email-url' }
  { name: 'AZURE_ACS_CONNECTION_STRING', secretRef: 'azure-acs-connection-string' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', secretRef: 'applicationinsights-connection-string' }
]

var secrets = [for variable in secretVariables: {
  name: variable.secretRef
  keyVaultUrl: '${vaultUri}secrets/${variable.secretRef}'
  identity: identityId
}]

var plainVariables = [
  { name: 'ENVIRONMENT', value: runsAs }
  { name: 'PUBLIC_URL', value: publicUrl }
  { name: 'ALLOWED_HOSTS', value: join(allowedHosts, ',') }
  { name: 'ALLOWED_ORIGINS', value: join(allowedOrigins, ',') }
  { name: 'JWT_ISSUER', value: jwtIssuer }
  { name: 'JWT_AUDIENCE', value: jwtAudience }
  { name: 'REDIS_URL', value: 'rediss://${redisAddress}' }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'AZURE_STORAGE_ACCOUNT', value: storageName }
  { name: 'AZURE_STORAGE_CONTAINER', value: containers.recordings }
  { name: 'AZURE_STORAGE_DOCUMENTS_CONTAINER', value: containers.documents }
  { name: 'AZURE_STORAGE_EXPORTS_CONTAINER', value: containers.exports }
  { name: 'AZURE_STORAGE_SAS_TTL_MINUTES', value: string(sasTtlMinutes) }
  { name: 'AZURE_OPENAI_ENDPOINT', value: openAiEndpoint }
  { name: 'AZURE_OPENAI_API_VERSION', value: openAiApiVersion }
  { name: 'AZURE_OPENAI_DEPLOYMENT_NAME', value: openAiDeployment }
  { name: 'AZURE_SPEECH_REGION', value: speechRegion }
  { name: 'AZURE_SPEECH_ENDPOINT', value: speechEndpoint }
  { name: 'EMAIL_FROM', value: emailFrom }
  { name: 'RATE_LIMIT_REQUESTS', value: string(rateLimitRequests) }
  { name: 'RATE_LIMIT_WINDOW_SECONDS', value: string(rateLimitWindowSeconds) }
  { name: 'RECORDING_RETENTION_DAYS', value: string(recordingRetentionDays) }
  { name: 'MAX_RECORDING_DURATION_MINUTES', value: string(maxRecordingMinutes) }
]
var shared = concat(plainVariables, secretVariables)

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
      { name: 'LOG_LEVEL', value: verbose }
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
    maxReplicas: sizes.workerMaxReplicas
    redisAddress: redisAddress
  }
}

output migrateJobName string = migrate.outputs.name
