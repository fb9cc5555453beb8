// Live traffic.
// Secrets and what changes with every deployment come from variables of the shell or the pipeline.
using '../main.bicep'

param environment = 'prod'
param location = readEnvironmentVariable('DEPLOY_LOCATION', 'australiaeast')
param zoneRedundant = true
param deployedAt = readEnvironmentVariable('DEPLOYED_AT', '')
// From there the recovery region gets its images while this one is down.
param registryReplicaLocations = ['southeastasia']

param imageDigest = readEnvironmentVariable('IMAGE_DIGEST', '')
param version = readEnvironmentVariable('VERSION', '')
param deploySha = readEnvironmentVariable('DEPLOY_SHA', '')
param deployApps = bool(readEnvironmentVariable('DEPLOY_APPS', 'true'))
param servingRevision = readEnvironmentVariable('SERVING_REVISION', '')
param canaryRevision = readEnvironmentVariable('CANARY_REVISION', '')
param canaryWeight = int(readEnvironmentVariable('CANARY_WEIGHT', '0'))
param customDomain = readEnvironmentVariable('CUSTOM_DOMAIN', '')
param certificateId = readEnvironmentVariable('CERTIFICATE_ID', '')
param allowedOrigins = ['https://talenti.app', 'https://www.talenti.app']

param secretKey = readEnvironmentVariable('SECRET_KEY', '')
param jwtSecret = readEnvironmentVariable('JWT_SECRET', '')
param postgresStorageGB = int(readEnvironmentVariable('POSTGRES_STORAGE_GB', '0'))
param postgresPassword = readEnvironmentVariable('POSTGRES_PASSWORD', '')
param databaseUrl = readEnvironmentVariable('DATABASE_URL', '')
param emailUrl = readEnvironmentVariable('EMAIL_URL', '')
param eventGridSecret = readEnvironmentVariable('EVENT_GRID_SECRET', '')
param eventGridPreviousSecret = readEnvironmentVariable('EVENT_GRID_PREVIOUS_SECRET', '')
param smtpPassword = readEnvironmentVariable('SMTP_PASSWORD', '')

param smtpApplicationId = readEnvironmentVariable('SMTP_APPLICATION_ID', '')
param smtpPrincipalId = readEnvironmentVariable('SMTP_PRINCIPAL_ID', '')
param callerNumber = readEnvironmentVariable('CALLER_NUMBER', '')
param eventGridApplicationId = readEnvironmentVariable('EVENT_GRID_APPLICATION_ID', '')
param subscribeEvents = bool(readEnvironmentVariable('SUBSCRIBE_EVENTS', 'true'))
param mailDomainName = readEnvironmentVariable('MAIL_DOMAIN', '')
param mailDomainVerified = bool(readEnvironmentVariable('MAIL_DOMAIN_VERIFIED', 'false'))
param emailFrom = readEnvironmentVariable('EMAIL_FROM', '')
param openAiCapacity = 100
// Addresses from which people may set secrets by hand, separated by commas; none: only deployments do.
param operatorIpRanges = empty(readEnvironmentVariable('OPERATOR_IP_RANGES', '')) ? [] : split(readEnvironmentVariable('OPERATOR_IP_RANGES', ''), ',')
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE', '')
