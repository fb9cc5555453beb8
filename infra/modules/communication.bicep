// Telephony and mail. Both are global services; what they keep lies in the data location.

@description('Name of the communication service')
@minLength(1)
@maxLength(63)
param name string

@description('Name of the mail service')
@minLength(1)
@maxLength(63)
param mailName string

@description('Resource tags')
param tags object

@description('Where data at rest is kept, for example Australia')
param dataLocation string

@description('Domain that mails come from; empty for one of Azure, which sends few mails')
param mailDomainName string = ''

@description('Set to true once the records of our own domain are verified; it is not used before')
param mailDomainVerified bool = false

@description('Client id of the Entra application that signs in to send mail; empty without')
param smtpApplicationId string = ''

@description('Object id of its service principal')
param smtpPrincipalId string = ''

@description('Its client secret. With it EMAIL_URL goes into the vault.')
@secure()
param smtpPassword string = ''

@description('Vault that gets EMAIL_URL')
param keyVaultName string

var communicationOwner = '09976791-48a7-449e-bb21-39d1a415f350' // Communication and Email Service Owner
var ownDomain = !empty(mailDomainName)
var smtpEnabled = !empty(smtpApplicationId)

resource mail 'Microsoft.Communication/emailServices@2025-09-01' = {
  name: mailName
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
  }
}

resource mailDomain 'Microsoft.Communication/emailServices/domains@2025-09-01' = {
  parent: mail
  name: ownDomain ? mailDomainName : 'AzureManagedDomain'
  location: 'global'
  tags: tags
  properties: {
    domainManagement: ownDomain ? 'CustomerManaged' : 'AzureManaged'
    // Nobody is told when a candidate opens a mail.
    userEngagementTracking: 'Disabled'
  }
}

resource service 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: name
  location: 'global'
  tags: tags
  // Its own identity writes recordings to our storage and uses our Speech: see role-assignments.bicep.
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dataLocation: dataLocation
    linkedDomains: !ownDomain || mailDomainVerified ? [mailDomain.id] : []
    // No keys: the apps sign in by their identity, mail by its Entra application.
    disableLocalAuth: true
  }
}

resource smtpUser 'Microsoft.Communication/communicationServices/smtpUsernames@2025-09-01' = if (smtpEnabled) {
  parent: service
  name: 'talenti'
  properties: {
    username: name
    entraApplicationId: smtpApplicationId
    tenantId: subscription().tenantId
  }
  // An application without the role is refused.
  dependsOn: [smtpRole]
}

resource smtpRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (smtpEnabled) {
  scope: service
  name: guid(service.id, smtpPrincipalId, communicationOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', communicationOwner)
    principalId: smtpPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource emailUrl 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = if (smtpEnabled && !empty(smtpPassword)) {
  parent: vault
  name: 'email-url'
  properties: {
    value: 'smtp+tls://${uriComponent(name)}:${uriComponent(smtpPassword)}@smtp.azurecomm.net:587'
    contentType: 'text/plain'
  }
}

output id string = service.id
output name string = service.name
output principalId string = service.identity.principalId
output endpoint string = 'https://${service.properties.hostName}'
output immutableResourceId string = service.properties.immutableResourceId
output senderDomain string = mailDomain.properties.fromSenderDomain
