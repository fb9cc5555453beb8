// One page to look at: requests, errors, waiting work, interviews.

@description('Title')
param title string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace that is asked')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // The name of a workbook has to be a GUID; this one is the same on every deployment.
  name: guid(resourceGroup().id, 'operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../workbooks/operations.json'), '{workspaceId}', workspaceId)
  }
}
