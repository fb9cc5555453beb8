// Who is told, and of what. The queries are in infra/queries; what to do about each alert is in
// docs/operations.md under its name.

@description('Names end with this: application, environment, region')
param suffix string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace that is asked')
param workspaceId string

@description('Who gets the mails')
param contactEmails array

// Severity 1: interviews may be lost. 2: something failed or waits. 3: people notice.
var rules = [
  {
    name: 'error-rate'
    description: 'The api failed to answer more than 10 requests within 5 minutes.'
    severity: 2
    query: loadTextContent('../queries/alert-errors.kql')
    column: 'failed'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    window: 'PT5M'
    dimensions: []
  }
  {
    name: 'latency'
    description: 'Requests took longer than 5 seconds on average within 5 minutes.'
    severity: 3
    query: loadTextContent('../queries/alert-latency.kql')
    column: 'average_ms'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 5000
    window: 'PT5M'
    dimensions: []
  }
  {
    name: 'oldest-due-work'
    description: 'Due work has waited for more than 5 minutes: workers are missing or too few.'
    severity: 2
    query: loadTextContent('../queries/alert-oldest-due-work.kql')
    column: 'oldest_seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 300
    window: 'PT10M'
    dimensions: []
  }
  {
    name: 'dead-work'
    description: 'Work has failed for good and waits for a person.'
    severity: 2
    query: loadTextContent('../queries/alert-dead-work.kql')
    column: 'dead'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    dimensions: [{ name: 'work', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'recording-not-fetched'
    description: 'A recording could not be fetched or heard, and nothing will try again.'
    severity: 1
    query: loadTextContent('../queries/alert-recordings.kql')
    column: 'dead'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    dimensions: [{ name: 'work', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'provider-down'
    description: 'A provider has not answered for 15 minutes; work that needs it waits.'
    severity: 2
    query: loadTextContent('../queries/alert-provider-down.kql')
    column: 'down'
    aggregation: 'Minimum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    dimensions: [{ name: 'provider', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'sweep-silence'
    description: 'No sweeper has told of waiting work for 10 minutes: what is lost stays lost until one does.'
    severity: 1
    query: loadTextContent('../queries/alert-sweep-silence.kql')
    column: 'reports'
    aggregation: 'Total'
    operator: 'LessThan'
    threshold: 1
    window: 'PT10M'
    dimensions: []
  }
  {
    name: 'sweep-failing'
    description: 'The sweeper runs and fails again and again.'
    severity: 2
    query: loadTextContent('../queries/alert-sweep-failing.kql')
    column: 'failed'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 30
    window: 'PT10M'
    dimensions: []
  }
  {
    name: 'certificate'
    description: 'The api cannot be reached from outside, or its certificate ends within 14 days.'
    severity: 2
    query: loadTextContent('../queries/alert-certificate.kql')
    column: 'failed'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 3
    window: 'PT15M'
    dimensions: []
  }
  {
    name: 'call-recording-missing'
    description: 'The recording of a call has not come for 2 hours. Telephony deletes its own copy after 24 to 48.'
    severity: 1
    query: loadTextContent('../queries/alert-call-recordings.kql')
    column: 'oldest_seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 7200
    window: 'PT15M'
    dimensions: []
  }
  {
    name: 'calls-failing'
    description: 'More than a fifth of the last hour\'s calls failed by one fault: the provider\'s, the network\'s, or ours.'
    severity: 2
    query: loadTextContent('../queries/alert-call-faults.kql')
    column: 'share'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT15M'
    dimensions: [{ name: 'fault', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'call-steps-late'
    description: 'Somebody on the phone waited for more than 5 seconds for the next word.'
    severity: 2
    query: loadTextContent('../queries/alert-call-steps.kql')
    column: 'longest_seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT10M'
    dimensions: []
  }
  {
    name: 'callbacks-refused'
    description: 'More than a fifth of what came to a door for events was refused or could not be taken.'
    severity: 2
    query: loadTextContent('../queries/alert-callbacks-refused.kql')
    column: 'share'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT15M'
    dimensions: [{ name: 'door', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'signing-keys'
    description: 'The keys that events are signed with could not be read for 6 hours. After 24 no event is taken in.'
    severity: 2
    query: loadTextContent('../queries/alert-signing-keys.kql')
    column: 'oldest_seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 21600
    window: 'PT15M'
    dimensions: [{ name: 'issuer', operator: 'Include', values: ['*'] }]
  }
  {
    name: 'dead-letters'
    description: 'Events came rightly, and nobody can use them: they belong to no call that we know, or cannot be read.'
    severity: 3
    query: loadTextContent('../queries/alert-dead-letters.kql')
    column: 'letters'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    dimensions: [{ name: 'source', operator: 'Include', values: ['*'] }, { name: 'reason', operator: 'Include', values: ['*'] }]
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'talenti'
    enabled: true
    emailReceivers: [for (address, i) in contactEmails: {
      name: 'ops-${i}'
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'alert-${rule.name}-${suffix}'
  location: location
  tags: tags
  properties: {
    displayName: rule.name
    description: rule.description
    severity: rule.severity
    // From the first day on: before the apps run, their silence is told, and truly so.
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    autoMitigate: true
    // On the first day the workspace has no tables yet.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: rule.column
          timeAggregation: rule.aggregation
          operator: rule.operator
          threshold: rule.threshold
          dimensions: rule.dimensions
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [actionGroup.id]
    }
  }
}]

output actionGroupId string = actionGroup.id
