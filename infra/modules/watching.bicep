// Everything that looks at the installation: alerts, capacity, a test from outside, saved queries, a
// workbook, a budget.

@description('Names end with this: application, environment, region')
param suffix string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Workspace')
param workspaceId string

@description('Its name')
param workspaceName string

@description('Application Insights')
param appInsightsId string

@description('Azure Managed Redis')
param redisId string

@description('Server of the database; empty when it is not ours')
param postgresId string

@description('See capacity.bicep')
param postgresConnections int

@description('Address of the api')
param publicUrl string

@description('Whether the api runs: it is asked from outside only then')
param appsRun bool

@description('Who gets the mails')
param contactEmails array

@description('Amount of a month')
param budgetAmount int

@description('First day of the month the budget was made in; empty: no budget')
param budgetStartDate string

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    suffix: suffix
    location: location
    tags: tags
    workspaceId: workspaceId
    contactEmails: contactEmails
  }
}

module capacity 'capacity.bicep' = {
  name: 'capacity'
  params: {
    suffix: suffix
    tags: tags
    redisId: redisId
    postgresId: postgresId
    postgresConnections: postgresConnections
    actionGroupId: alerts.outputs.actionGroupId
  }
}

module availability 'availability.bicep' = if (appsRun) {
  name: 'availability'
  params: {
    name: 'test-${suffix}'
    location: location
    tags: tags
    appInsightsId: appInsightsId
    url: '${publicUrl}/health'
  }
}

module queries 'queries.bicep' = {
  name: 'queries'
  params: {
    workspaceName: workspaceName
  }
}

module workbook 'workbook.bicep' = {
  name: 'workbook'
  params: {
    title: suffix
    location: location
    tags: tags
    workspaceId: workspaceId
  }
}

module budget 'budget.bicep' = if (!empty(budgetStartDate)) {
  name: 'budget'
  params: {
    name: 'budget-${suffix}'
    amount: budgetAmount
    startDate: budgetStartDate
    contactEmails: contactEmails
    actionGroupId: alerts.outputs.actionGroupId
  }
}

output actionGroupId string = alerts.outputs.actionGroupId
