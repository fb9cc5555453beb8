// Tells the application that the file of a recorded call is ready. Event Grid signs in to the webhook as
// the Entra application given here; what cannot be delivered for a day is kept and raises an alert.
//
// The webhook is asked while the subscription is made, and whenever its address changes: what serves by
// then has to know the secret. Whoever deploys needs the application's role, too: see docs/phone.md.

@description('Name of the topic')
param name string

@description('Resource tags')
param tags object

@description('Communication service whose events these are')
param communicationId string

@description('Address of the webhook; it ends with a secret, so it is one')
@secure()
param endpointUrl string

@description('Client id of the Entra application of the webhook')
param applicationId string

@description('Storage account')
param storageName string

@description('Container of events that could not be delivered')
param deadLetterContainer string

@description('Who hears of undelivered events')
param actionGroupId string

var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  // That of its source: telephony is a global service.
  location: 'global'
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: communicationId
    topicType: 'Microsoft.Communication.CommunicationServices'
  }
}

// The account has no keys: undelivered events are written by the identity of the topic.
module deadLetterRole 'container-role.bicep' = {
  name: 'event-grid-role'
  params: {
    storageName: storageName
    containerName: deadLetterContainer
    principalId: topic.identity.principalId
    roleId: storageBlobDataContributor
  }
}

resource recordingFiles 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'recording-files'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.Communication.RecordingFileStatusUpdated']
    }
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: endpointUrl
        azureActiveDirectoryTenantId: subscription().tenantId
        azureActiveDirectoryApplicationIdOrUri: applicationId
        minimumTlsVersionAllowed: '1.2'
        maxEventsPerBatch: 1
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: resourceId('Microsoft.Storage/storageAccounts', storageName)
          blobContainerName: deadLetterContainer
        }
      }
    }
  }
  dependsOn: [deadLetterRole]
}

resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-undelivered-events-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up telling of a recording. Its copy at telephony is deleted after 24 to 48 hours.'
    severity: 1
    enabled: true
    scopes: [topic.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-lettered'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}
