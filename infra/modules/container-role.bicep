// One role of one identity on one container of blobs.

@description('Storage account')
param storageName string

@description('Container')
param containerName string

@description('Object id of the identity')
param principalId string

@description('Id of the built-in role')
param roleId string

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-09-01' existing = {
  name: '${storageName}/default/${containerName}'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container
  // Made of the principal, too: an identity that was made anew needs an assignment of its own.
  name: guid(container.id, principalId, roleId)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
