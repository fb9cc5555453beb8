// One page to look at: requests, errors, waiting work, interviews, calls. The tiles ask the saved queries.

@description('Title')
param title string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace that is asked')
param workspaceId string

var tiles = [
  { name: 'error-rate', title: 'Error rate (percent)', width: '50', chart: 'timechart', text: loadTextContent('../queries/error-rate.kql') }
  { name: 'latency', title: 'Latency (ms)', width: '50', chart: 'timechart', text: loadTextContent('../queries/latency.kql') }
  { name: 'waiting-work', title: 'Waiting work', width: '50', chart: 'timechart', text: loadTextContent('../queries/waiting-work.kql') }
  { name: 'interviews', title: 'Interviews and scoring', width: '50', chart: 'table', text: loadTextContent('../queries/interviews.kql') }
  { name: 'calls', title: 'Calls', width: '50', chart: 'table', text: loadTextContent('../queries/calls.kql') }
  { name: 'callbacks', title: 'Doors for events', width: '50', chart: 'table', text: loadTextContent('../queries/callbacks.kql') }
  { name: 'revisions', title: 'Revisions of the api', width: '50', chart: 'table', text: loadTextContent('../queries/revisions.kql') }
  { name: 'slow-routes', title: 'Slow routes', width: '50', chart: 'table', text: loadTextContent('../queries/slow-routes.kql') }
  { name: 'console-errors', title: 'Errors in the logs', width: '100', chart: 'table', text: loadTextContent('../queries/console-errors.kql') }
]

var charts = map(tiles, tile => {
  type: 3 // a query
  name: tile.name
  customWidth: tile.width
  content: {
    version: 'KqlItem/1.0'
    title: tile.title
    query: tile.text
    size: 0
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    timeContextFromParameter: 'TimeRange'
    visualization: tile.chart
  }
})

// The title and the choice of a time.
var frame = loadJsonContent('../workbooks/operations.json')

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
    serializedData: string({
      version: frame.version
      items: concat(frame.items, charts)
      isLocked: false
      fallbackResourceIds: [workspaceId]
    })
  }
}
