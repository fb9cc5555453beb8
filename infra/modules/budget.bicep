// Says in time what this resource group costs. It stops nothing.

@description('Name of the budget')
param name string

@description('Amount of a month, in the currency of the subscription')
@minValue(1)
param amount int

@description('First day of the month it was made in, as 2026-12-01. Azure lets nobody change it later.')
@minLength(10)
@maxLength(10)
param startDate string

@description('Who gets the mails')
param contactEmails array

@description('Who is alerted besides')
param actionGroupId string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent50: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 50
        thresholdType: 'Actual'
        contactEmails: contactEmails
        contactGroups: [actionGroupId]
      }
      spent80: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: contactEmails
        contactGroups: [actionGroupId]
      }
      spent100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
        contactEmails: contactEmails
        contactGroups: [actionGroupId]
      }
      expected110: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 110
        thresholdType: 'Forecasted'
        contactEmails: contactEmails
        contactGroups: [actionGroupId]
      }
    }
  }
}
