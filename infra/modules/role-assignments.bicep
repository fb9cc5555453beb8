// Who may do what. All of it is in place before the apps are: an app that comes first cannot pull its
// image and cannot read its secrets.

@description('Object id of the identity of the apps')
param appPrincipalId string

@description('Object id of the identity of telephony')
param communicationPrincipalId string

@description('Registry')
param registryName string

@description('Vault')
param keyVaultName string

@description('Storage account')
param storageName string

@description('Containers that the apps read and write')
param appContainers array

@description('Container into which telephony writes recordings of calls')
param recordingsContainer string

@description('Communication service')
param communicationName string

@description('OpenAI account')
param openAiName string

@description('Speech account')
param speechName string

// Built-in roles, the same in every tenant.
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageBlobDelegator = 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
var cognitiveServicesOpenAiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
var cognitiveServicesSpeechUser = 'f2dc8367-1007-4938-bd23-fe263f013447'
var cognitiveServicesUser = 'a97b65f3-24c7-4388-baec-2e87135dc908'
var communicationOwner = '09976791-48a7-449e-bb21-39d1a415f350' // Communication and Email Service Owner
var definitions = 'Microsoft.Authorization/roleDefinitions'

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-09-01' existing = {
  name: storageName
}

resource communication 'Microsoft.Communication/communicationServices@2025-09-01' existing = {
  name: communicationName
}

resource openAi 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: openAiName
}

resource speech 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: speechName
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, appPrincipalId, acrPull)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, acrPull)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, keyVaultSecretsUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Addresses of single files are signed with a key that the account lends to the identity.
resource signAddresses 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, appPrincipalId, storageBlobDelegator)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, storageBlobDelegator)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

module keepFiles 'container-role.bicep' = [for container in appContainers: {
  name: 'app-role-${container}'
  params: {
    storageName: storageName
    containerName: container
    principalId: appPrincipalId
    roleId: storageBlobDataContributor
  }
}]

resource askOpenAi 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: openAi
  name: guid(openAi.id, appPrincipalId, cognitiveServicesOpenAiUser)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, cognitiveServicesOpenAiUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource transcribe 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: speech
  name: guid(speech.id, appPrincipalId, cognitiveServicesSpeechUser)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, cognitiveServicesSpeechUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// There is no smaller role for placing calls.
resource call 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communication
  name: guid(communication.id, appPrincipalId, communicationOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, communicationOwner)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// During a call telephony itself speaks and listens, and it writes the recording.
resource speakInCalls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: speech
  name: guid(speech.id, communicationPrincipalId, cognitiveServicesUser)
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, cognitiveServicesUser)
    principalId: communicationPrincipalId
    principalType: 'ServicePrincipal'
  }
}

module recordCalls 'container-role.bicep' = {
  name: 'communication-role-${recordingsContainer}'
  params: {
    storageName: storageName
    containerName: recordingsContainer
    principalId: communicationPrincipalId
    roleId: storageBlobDataContributor
  }
}
