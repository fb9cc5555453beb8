// A deployment in miniature, without an error: tests plant them one by one.
targetScope = 'resourceGroup'

@allowed(['dev', 'prod'])
param environment string

param location string = resourceGroup().location

@secure()
param secretKey string

@minLength(3)
param appName string = 'talenti'

param imageDigest string
param zoneRedundant bool = environment == 'prod'
param deployedAt string = utcNow('yyyy-MM-dd')

var suffix = '${appName}-${environment}-aue'
var tags = { project: appName, deployedAt: deployedAt }
var sizes = {
  dev: { most: 2 }
  prod: { most: 10 }
}
var origins = environment == 'prod' ? ['https://talenti.app'] : ['https://dev.talenti.app']

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: { name: 'id-${suffix}', location: location, tags: tags }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: tags
    secrets: { 'secret-key': secretKey }
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: { name: 'acr${appName}${environment}', location: location, zoneRedundant: zoneRedundant }
}

module network 'modules/network.bicep' = {
  name: 'network'
  params: { name: 'vnet-${suffix}', location: location }
}

module appsEnvironment 'modules/apps-environment.bicep' = {
  name: 'apps-environment'
  params: {
    name: 'cae-${suffix}'
    location: location
    subnetId: network.outputs.subnetId
    zoneRedundant: zoneRedundant
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: 'st${appName}${environment}aue'
    location: location
    containers: ['interview-recordings']
    origins: origins
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.outputs.principalId
    registryName: registry.outputs.name
    vaultName: keyVault.outputs.name
  }
}

module apps 'modules/apps.bicep' = if (!empty(imageDigest)) {
  name: 'apps'
  params: {
    suffix: suffix
    location: location
    environmentId: appsEnvironment.outputs.id
    identityId: identity.outputs.id
    registryServer: registry.outputs.loginServer
    image: '${registry.outputs.loginServer}/talenti@${imageDigest}'
    vaultUri: keyVault.outputs.vaultUri
    recordings: storage.outputs.containers[0]
    mostReplicas: sizes[environment].most
  }
  dependsOn: [roles]
}

output vaultName string = keyVault.outputs.name
output environmentId string = appsEnvironment.outputs.id
