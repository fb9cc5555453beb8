// The one identity of api, worker, sweeper and migration. It exists before everything it is given a
// role on, so that the first pull of an image and the first reading of a secret find the role in place.

@description('Name of the identity')
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
