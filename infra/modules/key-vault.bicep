// The secrets that cannot be avoided. Modules that make a secret (database, Redis, telephony,
// telemetry) write it here themselves: none travels through an output.

@description('Name of the vault')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Secrets by their names. An empty value leaves what the vault holds.')
@secure()
param secrets object

@description('Closes the vault to everybody outside the virtual network')
param privateAccess bool

@description('Addresses of operators that may reach a closed vault, as CIDR ranges')
param allowedIpRanges array = []

@description('Days for which deleted secrets can be brought back')
@minValue(7)
@maxValue(90)
param softDeleteRetentionInDays int = 90

var given = filter(items(secrets), secret => !empty(secret.value))

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    // Roles, not access policies: see role-assignments.bicep.
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteRetentionInDays
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: privateAccess && empty(allowedIpRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateAccess ? 'Deny' : 'Allow'
      ipRules: [for ipRange in allowedIpRanges: {
        value: ipRange
      }]
    }
  }
}

resource vaultSecrets 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [for secret in given: {
  parent: vault
  name: secret.key
  properties: {
    value: secret.value
    contentType: 'text/plain'
    attributes: {
      enabled: true
    }
  }
}]

output id string = vault.id
output name string = vault.name
output vaultUri string = vault.properties.vaultUri
