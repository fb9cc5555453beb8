// Azure OpenAI and Speech. Neither has keys: the apps and telephony sign in by their identities.

@description('Name of the OpenAI account, and of its address')
@minLength(2)
@maxLength(64)
param openAiName string

@description('Name of the Speech account, and of its address')
@minLength(2)
@maxLength(64)
param speechName string

@description('Region of OpenAI; not every region has every model')
param openAiLocation string

@description('Region of Speech')
param speechLocation string

@description('Resource tags')
param tags object

@description('Name of the deployment, which the application asks for')
param deploymentName string

@description('Model')
param modelName string

@description('Its version. Retired versions stop answering: see the dates Azure announces.')
param modelVersion string

@description('Standard answers within the region; GlobalStandard may answer from anywhere')
@allowed(['Standard', 'DataZoneStandard', 'GlobalStandard'])
param deploymentSku string

@description('Thousands of tokens a minute')
@minValue(1)
param capacity int

@description('Closes OpenAI to everybody outside the virtual network')
param privateAccess bool

resource openAi 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: openAiName
  location: openAiLocation
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: openAiName
    disableLocalAuth: true
    publicNetworkAccess: privateAccess ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateAccess ? 'Deny' : 'Allow'
    }
  }
}

resource deployment 'Microsoft.CognitiveServices/accounts/deployments@2025-09-01' = {
  parent: openAi
  name: deploymentName
  sku: {
    name: deploymentSku
    capacity: capacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: modelName
      version: modelVersion
    }
    // Scores made with one model are not scores made with another: nothing changes it but a person.
    versionUpgradeOption: 'NoAutoUpgrade'
  }
}

// Telephony speaks and listens with this account during a call. It accepts only accounts for several
// services (this kind) and reaches them by their public address, which therefore stays open.
resource speech 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: speechName
  location: speechLocation
  tags: tags
  kind: 'CognitiveServices'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: speechName
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: 'Allow'
    }
  }
}

output openAiId string = openAi.id
output openAiName string = openAi.name
output openAiEndpoint string = openAi.properties.endpoint
output speechId string = speech.id
output speechName string = speech.name
output speechEndpoint string = speech.properties.endpoint
