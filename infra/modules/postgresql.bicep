// The database, where the promise of every piece of work lives. Its address with the password goes
// into the vault.
//
// For recovery it can be made as a copy: `Replica` of the server in another region (promoted in the
// emergency), `GeoRestore` into the paired region, `PointInTimeRestore` after a mistake.

@description('Name of the server')
@minLength(3)
@maxLength(63)
param name string

@description('Azure region')
param location string

@description('Resource tags')
param tags object

@description('Size, for example Standard_D2ds_v5')
param skuName string

@description('Burstable has no standby in another zone')
@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param skuTier string

@description('Storage in GiB; it grows by itself')
param storageSizeGB int

@description('Days for which backups are kept')
@minValue(7)
@maxValue(35)
param backupRetentionDays int

@description('Keep the backups in the paired region, too. Can be chosen only at the beginning.')
param geoRedundantBackup bool

@description('A standby in another zone takes over by itself')
param zoneRedundant bool

@description('Closes the server to everybody outside the virtual network')
param privateAccess bool

@description('How the server comes into being')
@allowed(['Default', 'Replica', 'GeoRestore', 'PointInTimeRestore'])
param createMode string = 'Default'

@description('The server it is a copy of, for every mode but Default')
param sourceServerId string = ''

@description('Moment to restore, ISO 8601 in UTC, for GeoRestore and PointInTimeRestore')
param restorePoint string = ''

@description('Administrator, and the name in DATABASE_URL')
param administratorLogin string = 'talenti'

@description('Its password. Empty leaves the server and the vault as they are.')
@secure()
param administratorPassword string

@description('Vault that gets DATABASE_URL')
param keyVaultName string

var databaseName = 'talenti'
var fresh = createMode == 'Default'
var replica = createMode == 'Replica'
// Debian's certificates, which the image carries: libpq does not look for them by itself.
var tls = 'sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt'

// What is not said is left out: the interface takes no empty administrator or password.
var administrator = union(
  fresh ? { version: '16', administratorLogin: administratorLogin } : {},
  fresh && !empty(administratorPassword) ? { administratorLoginPassword: administratorPassword } : {}
)
var source = union(
  empty(sourceServerId) ? {} : { sourceServerResourceId: sourceServerId },
  empty(restorePoint) ? {} : { pointInTimeUTC: restorePoint }
)

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2026-10-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: union(administrator, source, {
    createMode: createMode
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: storageSizeGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupRetentionDays
      // A replica has no backups of its own before its promotion.
      geoRedundantBackup: geoRedundantBackup && !replica ? 'Enabled' : 'Disabled'
    }
    highAvailability: {
      // A replica gets its standby after its promotion.
      mode: zoneRedundant && !replica ? 'ZoneRedundant' : 'Disabled'
    }
    network: {
      publicNetworkAccess: privateAccess ? 'Disabled' : 'Enabled'
    }
  })
}

// What is a copy has its database already, and a replica refuses writes.
resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2026-10-01' = if (fresh) {
  parent: server
  name: databaseName
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

// Without private endpoints the apps come from addresses of Azure that are not known beforehand.
resource azureAddresses 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2026-10-01' = if (!privateAccess) {
  parent: server
  name: 'AllowAzureServices'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  // The server refuses two changes at a time.
  dependsOn: [database]
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource databaseUrl 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = if (!empty(administratorPassword)) {
  parent: vault
  name: 'database-url'
  properties: {
    value: 'postgres://${administratorLogin}:${uriComponent(administratorPassword)}@${server.properties.fullyQualifiedDomainName}:5432/${databaseName}?${tls}'
    contentType: 'text/plain'
  }
}

output id string = server.id
output name string = server.name
