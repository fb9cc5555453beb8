// Tells before the database or Redis is full or too small. What to do is in docs/operations.md.

@description('Names end with this: application, environment, region')
param suffix string

@description('Resource tags')
param tags object

@description('Azure Managed Redis')
param redisId string

@description('Server of the database; empty when it is not ours')
param postgresId string

@description('Connections that are too many, about four fifths of what the size of the server allows')
@minValue(1)
param postgresConnections int

@description('Who hears of it')
param actionGroupId string

var ofRedis = [
  {
    name: 'redis-memory'
    description: 'Redis is more than 80 percent full. Full, it refuses messages: it drops none.'
    severity: 2
    scope: redisId
    namespace: 'Microsoft.Cache/redisEnterprise'
    metric: 'usedmemorypercentage'
    aggregation: 'Maximum'
    threshold: 80
    window: 'PT15M'
  }
]
// Storage grows by itself before this: at 90 percent it did not.
var ofDatabase = [
  {
    name: 'database-storage'
    description: 'The storage of the database is more than 90 percent full and has not grown.'
    severity: 1
    scope: postgresId
    namespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
    metric: 'storage_percent'
    aggregation: 'Average'
    threshold: 90
    window: 'PT15M'
  }
  {
    name: 'database-cpu'
    description: 'The database has used more than 85 percent of its cores for 30 minutes.'
    severity: 3
    scope: postgresId
    namespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
    metric: 'cpu_percent'
    aggregation: 'Average'
    threshold: 85
    window: 'PT30M'
  }
  {
    name: 'database-memory'
    description: 'The database has used more than 90 percent of its memory for 30 minutes.'
    severity: 3
    scope: postgresId
    namespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
    metric: 'memory_percent'
    aggregation: 'Average'
    threshold: 90
    window: 'PT30M'
  }
  {
    name: 'database-connections'
    description: 'The database has more than four fifths of the connections that it allows.'
    severity: 2
    scope: postgresId
    namespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
    metric: 'active_connections'
    aggregation: 'Maximum'
    threshold: postgresConnections
    window: 'PT15M'
  }
]
var rules = concat(ofRedis, empty(postgresId) ? [] : ofDatabase)

resource alerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in rules: {
  name: 'alert-${rule.name}-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [rule.scope]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: rule.name
          metricNamespace: rule.namespace
          metricName: rule.metric
          timeAggregation: rule.aggregation
          operator: 'GreaterThan'
          threshold: rule.threshold
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}]
