// Asks the api from outside every five minutes, and looks at how long its certificate still holds.

@description('Name of the test')
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Application Insights that gets the results')
param appInsightsId string

@description('Address that is asked')
param url string

@description('Days a certificate has to hold at least')
@minValue(1)
@maxValue(365)
param certificateDays int = 14

@description('Where it is asked from: Australia East, Southeast Asia, East Asia')
param locations array = ['emea-au-syd-edge', 'apac-sg-sin-azr', 'apac-hk-hkn-azr']

resource probe 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  // The portal finds the test of a component by this tag.
  tags: union(tags, { 'hidden-link:${appInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: name
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [for id in locations: {
      Id: id
    }]
    Request: {
      RequestUrl: url
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: certificateDays
    }
  }
}
