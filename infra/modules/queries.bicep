// Queries for people, kept where they look: in the workspace, under the category Talenti.

@description('Workspace')
param workspaceName string

var queries = [
  { name: 'console-errors', title: 'Errors in the logs', text: loadTextContent('../queries/console-errors.kql') }
  { name: 'latency', title: 'Latency of the api', text: loadTextContent('../queries/latency.kql') }
  { name: 'error-rate', title: 'Error rate of the api', text: loadTextContent('../queries/error-rate.kql') }
  { name: 'revisions', title: 'Revisions compared', text: loadTextContent('../queries/revisions.kql') }
  { name: 'slow-routes', title: 'Slow routes', text: loadTextContent('../queries/slow-routes.kql') }
  { name: 'waiting-work', title: 'Waiting work', text: loadTextContent('../queries/waiting-work.kql') }
  { name: 'interviews', title: 'Interviews and scoring', text: loadTextContent('../queries/interviews.kql') }
  { name: 'calls', title: 'Calls', text: loadTextContent('../queries/calls.kql') }
  { name: 'callbacks', title: 'Doors for events', text: loadTextContent('../queries/callbacks.kql') }
  { name: 'request', title: 'One request', text: loadTextContent('../queries/request.kql') }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource saved 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [for query in queries: {
  parent: workspace
  name: 'talenti-${query.name}'
  // Without it an existing query cannot be replaced.
  etag: '*'
  properties: {
    category: 'Talenti'
    displayName: query.title
    query: query.text
    version: 2
  }
}]
