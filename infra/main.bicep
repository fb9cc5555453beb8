// Everything Talenti needs in one resource group. Deployed with one of infra/parameters:
//
//   1. without an image: registry, vault, identity, roles, database and all else the apps need;
//   2. with an image that was pushed meanwhile, and deployApps=false: the migration job, which is run;
//   3. with the image: api and worker. From then on pipelines make revisions and move requests.
//
// Deploying it again moves no request: which revision serves is a parameter (servingRevision). What it
// changes in the api becomes a new revision without traffic.

targetScope = 'resourceGroup'

// --- where ------------------------------------------------------------------------------------

@description('Environment. The recovery region runs prod, too: its names differ by their region.')
@allowed(['dev', 'staging', 'prod'])
param environment string

@description('Azure region')
param location string = resourceGroup().location

@description('Base name for resources')
@minLength(3)
@maxLength(7)
param appName string = 'talenti'

@description('Moment of the deployment, for the tag; empty leaves the tag out')
param deployedAt string = ''

@description('Spread over the zones of the region. Can be chosen only at the beginning.')
param zoneRedundant bool = environment == 'prod'

@description('Reach vault, storage, database, Redis, OpenAI and (in Premium) the registry over private endpoints, and close what nobody else has to reach')
param privateNetwork bool = environment != 'dev'

@description('Addresses of operators that may reach the vault from outside, as CIDR ranges')
param operatorIpRanges array = []

// --- what runs --------------------------------------------------------------------------------

@description('Digest of the image talenti in the registry, as sha256:...; empty before there is one')
param imageDigest string = ''

@description('Version of that image, as /health shows it; empty: what the image says of itself')
param version string = ''

@description('Commit of that image')
param deploySha string = ''

@description('Leaves out api and worker, so that the migration can run before them')
param deployApps bool = true

@description('Revision of the api that serves; empty on the first deployment')
param servingRevision string = ''

@description('Revision of the api that is tried beside it')
param canaryRevision string = ''

@description('Percent of the requests that go to the canary')
@minValue(0)
@maxValue(100)
param canaryWeight int = 0

@description('Replicas of the api that always run; unset: as its environment needs. 0 lets it sleep.')
@minValue(0)
@maxValue(30)
param minReplicas int?

@description('Our own domain, once its records lead to the api; empty for the address that Azure gives')
param customDomain string = ''

@description('Its certificate in the environment; empty for one that the platform gets and renews')
param certificateId string = ''

@description('Origins of the frontend, each https://host')
param allowedOrigins array = []

@description('Registry; its name is unique in the world')
@minLength(5)
@maxLength(50)
param containerRegistryName string = 'acr${appName}${environment}'

@description('Regions from which images can still be pulled when this one is down (prod)')
param registryReplicaLocations array = []

// --- secrets: an empty one stays as the vault holds it -------------------------------------------

@description('SECRET_KEY: at least 48 random characters')
@secure()
param secretKey string = ''

@description('JWT_SECRET: another one')
@secure()
param jwtSecret string = ''

@description('Password of the administrator of the database. Needed when the server is made.')
@secure()
param postgresPassword string = ''

@description('DATABASE_URL of a server that exists; empty: one is made here. Given once, give it always.')
@secure()
param databaseUrl string = ''

@description('EMAIL_URL of any SMTP server; empty with the mail of Azure below')
@secure()
param emailUrl string = ''

@description('AZURE_EVENTGRID_SECRET: 32 to 200 letters, digits, hyphens, underscores. Given, the subscription is made with it')
@secure()
param eventGridSecret string = ''

@description('AZURE_EVENTGRID_PREVIOUS_SECRET, while the secret is changed')
@secure()
param eventGridPreviousSecret string = ''

@description('Client secret of the Entra application that sends mail')
@secure()
param smtpPassword string = ''

// --- the application's own settings --------------------------------------------------------------

param jwtIssuer string = 'talenti'
param jwtAudience string = 'talenti-users'

@description('Sender of mails, as Talenti <no-reply@talenti.app>; empty: that of the domain of Azure')
param emailFrom string = ''

@minValue(1)
@maxValue(60)
param storageSasTtlMinutes int = 15

@minValue(0)
param rateLimitRequests int = 100

@minValue(1)
param rateLimitWindowSeconds int = 60

@minValue(1)
@maxValue(3650)
param recordingRetentionDays int = 30

@minValue(1)
@maxValue(600)
param maxRecordingDurationMinutes int = 60

@description('Days for which deleted files can be brought back: added to the days above')
param blobSoftDeleteDays int = 30

// --- AI, telephony, mail -------------------------------------------------------------------------

@description('Region of OpenAI')
param openAiLocation string = location

@description('Version of the interface; from 2024-08 on answers come in a strict schema')
param openAiApiVersion string = '2024-10-21'

param openAiDeploymentName string = 'gpt-4o'
param openAiModelName string = 'gpt-4o'
param openAiModelVersion string = '2024-11-20'

@description('Standard answers within the region, where it is offered')
@allowed(['Standard', 'DataZoneStandard', 'GlobalStandard'])
param openAiDeploymentSku string = 'GlobalStandard'

@description('Thousands of tokens a minute')
param openAiCapacity int = 30

@description('Where telephony and mail keep their data')
param communicationDataLocation string = 'Australia'

@description('Domain that mails come from; empty for one of Azure')
param mailDomainName string = ''

@description('Whether its records are verified')
param mailDomainVerified bool = false

@description('Client id of the Entra application that sends mail; empty with EMAIL_URL of another server')
param smtpApplicationId string = ''

@description('Object id of its service principal')
param smtpPrincipalId string = ''

@description('Number that calls, bought at the communication service; empty: no interviews by phone')
param callerNumber string = ''

@description('Variables of docs/settings.md that begin with CALL_, by their names, where their defaults do not fit')
param callSettings object = {}

@description('Client id of the Entra application of /webhooks/eventgrid/; empty: no interviews by phone')
param eventGridApplicationId string = ''

@description('Makes or changes the subscription to events. Event Grid asks the revision that serves by then: deploy.sh leaves it out until that one knows the secret.')
param subscribeEvents bool = true

// --- the database as a copy, for recovery --------------------------------------------------------

@allowed(['Default', 'Replica', 'GeoRestore', 'PointInTimeRestore'])
param postgresCreateMode string = 'Default'

@description('The server it is a copy of')
param postgresSourceServerId string = ''

@description('Moment to restore')
param postgresRestorePoint string = ''

@description('Storage of the database in GiB, if it has grown: it can never shrink')
@minValue(0)
param postgresStorageGB int = 0

@description('Keep backups of the database in the paired region, too. Can be chosen only at the beginning.')
param postgresGeoBackup bool = environment == 'prod'

// --- watching ------------------------------------------------------------------------------------

@description('Who gets alerts')
param alertEmails array = ['ops@talenti.app']

@description('Budget of a month, in the currency of the subscription (AUD)')
param budgetAmount int = 2000

@description('First day of the month the budget was made in, as 2026-12-01; empty: no budget')
param budgetStartDate string = ''

var shortRegions = {
  australiaeast: 'aue'
  australiasoutheast: 'ause'
  australiacentral: 'auc'
  southeastasia: 'sea'
  eastasia: 'ea'
  newzealandnorth: 'nzn'
  japaneast: 'jpe'
  uksouth: 'uks'
  northeurope: 'neu'
  westeurope: 'weu'
  eastus2: 'eus2'
  westus2: 'wus2'
}
var suffix = '${appName}-${environment}-${shortRegions[location]}'

var tags = union({
  project: appName
  environment: environment
  managedBy: 'bicep'
}, empty(deployedAt) ? {} : { deployedAt: deployedAt })

var containerConfig = {
  dev: { cpu: '0.5', memory: '1Gi', minReplicas: 1, maxReplicas: 2, workerMaxReplicas: 2 }
  staging: { cpu: '0.5', memory: '1Gi', minReplicas: 1, maxReplicas: 3, workerMaxReplicas: 2 }
  prod: { cpu: '1', memory: '2Gi', minReplicas: 2, maxReplicas: 10, workerMaxReplicas: 5 }
}
var small = {
  logDays: 30
  registrySku: 'Basic'
  storageSku: 'Standard_LRS'
  redisSku: 'Balanced_B0'
  postgresSku: 'Standard_B2s'
  postgresTier: 'Burstable'
  postgresConnections: 340
  postgresGB: 32
  backupDays: 7
}
var platformConfig = {
  dev: small
  staging: small
  prod: {
    logDays: 90
    registrySku: 'Premium'
    // Three zones, and a copy in the paired region that can be read while this one is down.
    storageSku: 'Standard_RAGZRS'
    redisSku: 'Balanced_B1'
    postgresSku: 'Standard_D2ds_v5'
    postgresTier: 'GeneralPurpose'
    postgresConnections: 680
    postgresGB: 128
    backupDays: 35
  }
}
var platform = platformConfig[environment]
var prod = environment == 'prod'

var containers = {
  recordings: 'interview-recordings'
  documents: 'candidate-documents'
  exports: 'exports'
}
var appContainers = [containers.recordings, containers.documents, containers.exports]
var deadLetterContainer = 'event-dead-letters'

var ownDatabase = empty(databaseUrl)
var hasImage = !empty(imageDigest)
var appsRun = hasImage && deployApps
// Half of it would keep the apps from starting.
var phoneEnabled = !empty(callerNumber) && !empty(eventGridApplicationId)

var apiHost = 'ca-api-${suffix}.${containerAppsEnv.outputs.defaultDomain}'
var publicUrl = 'https://${empty(customDomain) ? apiHost : customDomain}'
// The domain of the environment is ours alone; every revision and label has its own host below it.
var allowedHosts = concat(empty(customDomain) ? [] : [customDomain], ['.${containerAppsEnv.outputs.defaultDomain}'])

var phoneVariables = concat([
  { name: 'CALLROOM', value: 'azure' }
  // Without the part accesskey= the application signs in by its identity.
  { name: 'AZURE_ACS_CONNECTION_STRING', value: 'endpoint=${communication.outputs.endpoint}' }
  { name: 'AZURE_ACS_RESOURCE_ID', value: communication.outputs.immutableResourceId }
  { name: 'AZURE_ACS_CALLER_NUMBER', value: callerNumber }
  { name: 'AZURE_EVENTGRID_TENANT_ID', value: subscription().tenantId }
  { name: 'AZURE_EVENTGRID_AUDIENCE', value: eventGridApplicationId }
], map(items(callSettings), setting => { name: setting.key, value: string(setting.value) }))
// Deployed, an engine that is not the provider's has to be asked for by name.
var noPhoneVariables = [
  { name: 'CALLROOM', value: 'offline' }
]

var releaseVariables = [
  { name: 'VERSION', value: version }
  { name: 'DEPLOY_SHA', value: deploySha }
]

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-${suffix}'
    location: location
    tags: tags
  }
}

module logAnalytics 'modules/log-analytics.bicep' = {
  name: 'log-analytics'
  params: {
    name: 'law-${suffix}'
    location: location
    tags: tags
    retentionInDays: platform.logDays
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: tags
    privateAccess: privateNetwork
    allowedIpRanges: operatorIpRanges
    secrets: {
      'secret-key': secretKey
      'jwt-secret': jwtSecret
      'database-url': databaseUrl
      'email-url': emailUrl
      'azure-eventgrid-secret': eventGridSecret
      'azure-eventgrid-previous-secret': eventGridPreviousSecret
    }
  }
}

module appInsights 'modules/app-insights.bicep' = {
  name: 'app-insights'
  params: {
    name: 'appi-${suffix}'
    location: location
    tags: tags
    workspaceId: logAnalytics.outputs.workspaceId
    keyVaultName: keyVault.outputs.name
  }
}

module networking 'modules/networking.bicep' = {
  name: 'networking'
  params: {
    name: 'vnet-${suffix}'
    securityGroupPrefix: 'nsg-${suffix}'
    location: location
    tags: tags
  }
}

module containerAppsEnv 'modules/container-apps-env.bicep' = {
  name: 'container-apps-env'
  params: {
    name: 'cae-${suffix}'
    location: location
    tags: tags
    logAnalyticsWorkspaceName: logAnalytics.outputs.name
    subnetId: networking.outputs.appsSubnetId
    zoneRedundant: zoneRedundant
  }
}

module containerRegistry 'modules/container-registry.bicep' = {
  name: 'container-registry'
  params: {
    name: containerRegistryName
    location: location
    tags: tags
    sku: platform.registrySku
    zoneRedundant: zoneRedundant
    replicaLocations: registryReplicaLocations
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: 'st${appName}${environment}${shortRegions[location]}'
    location: location
    tags: tags
    sku: platform.storageSku
    containers: concat(appContainers, [deadLetterContainer])
    webOrigins: concat([publicUrl], allowedOrigins)
    softDeleteDays: blobSoftDeleteDays
  }
}

module postgresql 'modules/postgresql.bicep' = if (ownDatabase) {
  name: 'postgresql'
  params: {
    name: 'psql-${suffix}'
    location: location
    tags: tags
    skuName: platform.postgresSku
    skuTier: platform.postgresTier
    storageSizeGB: max(platform.postgresGB, postgresStorageGB)
    backupRetentionDays: platform.backupDays
    geoRedundantBackup: postgresGeoBackup
    zoneRedundant: zoneRedundant
    privateAccess: privateNetwork
    createMode: postgresCreateMode
    sourceServerId: postgresSourceServerId
    restorePoint: postgresRestorePoint
    administratorPassword: postgresPassword
    keyVaultName: keyVault.outputs.name
  }
}

module redis 'modules/redis.bicep' = {
  name: 'redis'
  params: {
    name: 'redis-${suffix}'
    location: location
    tags: tags
    skuName: platform.redisSku
    highAvailability: prod
    privateAccess: privateNetwork
    keyVaultName: keyVault.outputs.name
  }
}

module cognitiveServices 'modules/cognitive-services.bicep' = {
  name: 'cognitive-services'
  params: {
    openAiName: 'oai-${suffix}'
    speechName: 'speech-${suffix}'
    openAiLocation: openAiLocation
    speechLocation: location
    tags: tags
    deploymentName: openAiDeploymentName
    modelName: openAiModelName
    modelVersion: openAiModelVersion
    deploymentSku: openAiDeploymentSku
    capacity: openAiCapacity
    privateAccess: privateNetwork
  }
}

module communication 'modules/communication.bicep' = {
  name: 'communication'
  params: {
    name: 'acs-${suffix}'
    mailName: 'mail-${suffix}'
    tags: tags
    dataLocation: communicationDataLocation
    mailDomainName: mailDomainName
    mailDomainVerified: mailDomainVerified
    smtpApplicationId: smtpApplicationId
    smtpPrincipalId: smtpPrincipalId
    smtpPassword: empty(emailUrl) ? smtpPassword : ''
    keyVaultName: keyVault.outputs.name
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  name: 'private-endpoints'
  params: {
    suffix: suffix
    location: location
    tags: tags
    networkId: networking.outputs.id
    subnetId: networking.outputs.endpointsSubnetId
    keyVaultId: keyVault.outputs.id
    storageId: storage.outputs.id
    redisId: redis.outputs.id
    openAiId: cognitiveServices.outputs.openAiId
    postgresId: ownDatabase ? resourceId('Microsoft.DBforPostgreSQL/flexibleServers', 'psql-${suffix}') : ''
    registryId: platform.registrySku == 'Premium' ? containerRegistry.outputs.id : ''
  }
  dependsOn: [postgresql]
}

module roleAssignments 'modules/role-assignments.bicep' = {
  name: 'role-assignments'
  params: {
    appPrincipalId: identity.outputs.principalId
    communicationPrincipalId: communication.outputs.principalId
    registryName: containerRegistry.outputs.name
    keyVaultName: keyVault.outputs.name
    storageName: storage.outputs.name
    appContainers: appContainers
    recordingsContainer: containers.recordings
    openAiName: cognitiveServices.outputs.openAiName
    speechName: cognitiveServices.outputs.speechName
    communicationName: communication.outputs.name
  }
}

module apps 'modules/apps.bicep' = if (hasImage) {
  name: 'apps'
  params: {
    suffix: suffix
    location: location
    tags: tags
    environmentId: containerAppsEnv.outputs.environmentId
    identityId: identity.outputs.id
    registryServer: containerRegistry.outputs.loginServer
    image: '${containerRegistry.outputs.loginServer}/talenti@${imageDigest}'
    vaultUri: keyVault.outputs.vaultUri
    deployApps: deployApps
    sizes: union(containerConfig[environment], minReplicas == null ? {} : { minReplicas: minReplicas })
    phoneEnabled: phoneEnabled
    rotatesEventSecret: !empty(eventGridPreviousSecret)
    logLevel: prod ? 'INFO' : 'DEBUG'
    redisAddress: redis.outputs.address
    servingRevision: servingRevision
    canaryRevision: canaryRevision
    canaryWeight: canaryWeight
    customDomain: customDomain
    certificateId: certificateId
    // Named as in docs/settings.md, which tells what each does. Secrets are named in apps.bicep.
    variables: concat(phoneEnabled ? phoneVariables : noPhoneVariables, empty(version) ? [] : releaseVariables, [
      // The application knows two ways of being deployed, and asks less of a developer's own machine.
      // Strangers can reach the dev stack: it is held to the rules of staging.
      { name: 'ENVIRONMENT', value: prod ? 'prod' : 'staging' }
      { name: 'PUBLIC_URL', value: publicUrl }
      { name: 'ALLOWED_HOSTS', value: join(allowedHosts, ',') }
      { name: 'ALLOWED_ORIGINS', value: join(allowedOrigins, ',') }
      { name: 'JWT_ISSUER', value: jwtIssuer }
      { name: 'JWT_AUDIENCE', value: jwtAudience }
      { name: 'REDIS_URL', value: 'rediss://${redis.outputs.address}' }
      { name: 'AZURE_CLIENT_ID', value: identity.outputs.clientId }
      { name: 'AZURE_STORAGE_ACCOUNT', value: storage.outputs.name }
      { name: 'AZURE_STORAGE_CONTAINER', value: containers.recordings }
      { name: 'AZURE_STORAGE_DOCUMENTS_CONTAINER', value: containers.documents }
      { name: 'AZURE_STORAGE_EXPORTS_CONTAINER', value: containers.exports }
      { name: 'AZURE_STORAGE_SAS_TTL_MINUTES', value: string(storageSasTtlMinutes) }
      { name: 'AZURE_OPENAI_ENDPOINT', value: cognitiveServices.outputs.openAiEndpoint }
      { name: 'AZURE_OPENAI_API_VERSION', value: openAiApiVersion }
      { name: 'AZURE_OPENAI_DEPLOYMENT_NAME', value: openAiDeploymentName }
      { name: 'AZURE_SPEECH_REGION', value: location }
      { name: 'AZURE_SPEECH_ENDPOINT', value: cognitiveServices.outputs.speechEndpoint }
      { name: 'EMAIL_FROM', value: empty(emailFrom) ? 'Talenti <DoNotReply@${communication.outputs.senderDomain}>' : emailFrom }
      { name: 'RATE_LIMIT_REQUESTS', value: string(rateLimitRequests) }
      { name: 'RATE_LIMIT_WINDOW_SECONDS', value: string(rateLimitWindowSeconds) }
      { name: 'RECORDING_RETENTION_DAYS', value: string(recordingRetentionDays) }
      { name: 'MAX_RECORDING_DURATION_MINUTES', value: string(maxRecordingDurationMinutes) }
    ])
  }
  // What no parameter above tells: roles, secrets in the vault, and names that lead to private addresses.
  dependsOn: [roleAssignments, privateEndpoints, appInsights, postgresql]
}

module watching 'modules/watching.bicep' = {
  name: 'watching'
  params: {
    suffix: suffix
    location: location
    tags: tags
    workspaceId: logAnalytics.outputs.workspaceId
    workspaceName: logAnalytics.outputs.name
    appInsightsId: appInsights.outputs.id
    redisId: redis.outputs.id
    postgresId: ownDatabase ? postgresql.outputs.id : ''
    postgresConnections: platform.postgresConnections
    publicUrl: publicUrl
    appsRun: appsRun
    contactEmails: alertEmails
    budgetAmount: budgetAmount
    budgetStartDate: budgetStartDate
  }
}

module eventGrid 'modules/event-grid.bicep' = if (appsRun && phoneEnabled && subscribeEvents && !empty(eventGridSecret)) {
  name: 'event-grid'
  params: {
    name: 'egst-${suffix}'
    tags: tags
    communicationId: communication.outputs.id
    endpointUrl: '${publicUrl}/webhooks/eventgrid/?secret=${eventGridSecret}'
    applicationId: eventGridApplicationId
    storageName: storage.outputs.name
    deadLetterContainer: deadLetterContainer
    actionGroupId: watching.outputs.actionGroupId
  }
  dependsOn: [apps]
}

output resourceGroupName string = resourceGroup().name
output containerAppName string = 'ca-api-${suffix}'
output containerAppFqdn string = apiHost
output containerAppUrl string = publicUrl
output workerAppName string = 'ca-worker-${suffix}'
output migrateJobName string = 'caj-migrate-${suffix}'
output containerRegistryName string = containerRegistry.outputs.name
output containerRegistryLoginServer string = containerRegistry.outputs.loginServer
output keyVaultName string = keyVault.outputs.name
output logAnalyticsWorkspaceId string = logAnalytics.outputs.workspaceId
output appInsightsName string = appInsights.outputs.name
output storageAccountName string = storage.outputs.name
output identityPrincipalId string = identity.outputs.principalId
