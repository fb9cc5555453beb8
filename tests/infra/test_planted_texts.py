"""Wrong words where Azure's packages allow any text: each, planted alone, is found."""

from pathlib import Path

import pytest

from tests.infra.planting import plant

APPS, STORAGE, NETWORK = "modules/apps.bicep", "modules/storage.bicep", "modules/network.bicep"
RULE = """securityRules: [
  {
    name: 'AllowHTTPS'
    properties: {
      priority: 100
      direction: 'Inbound'
      access: 'Allow'
      protocol: 'Tcp'
      sourceAddressPrefix: 'Internet'
      sourcePortRange: '*'
      destinationAddressPrefix: '10.0.0.0/23'
      destinationPortRanges: ['443', '30000-32767']
    }
  }
]"""
ENDPOINT = """
resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: 'pe-blob'
  location: location
  properties: {
    subnet: { id: account.id }
    privateLinkServiceConnections: [
      { name: 'blob', properties: { privateLinkServiceId: account.id, groupIds: ['blob'] } }
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.${environment().suffixes.storage}'
  location: 'global'
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'link'
  location: 'global'
  properties: { virtualNetwork: { id: account.id } }
}

resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: 'blob', properties: { privateDnsZoneId: zone.id } }]
  }
}
"""
ALERT = """
resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'alert-errors'
  location: location
  properties: {
    scopes: [account.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT10M'
    criteria: {
      allOf: [
        {
          query: 'AppRequests | summarize failed = countif(Success == false) by Name'
          metricMeasureColumn: 'failed'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
          dimensions: [{ name: 'Name', operator: 'Include', values: ['*'] }]
        }
      ]
    }
  }
}
"""
ACCOUNT = """
resource speech 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: 'speech-talenti'
  location: location
  kind: 'CognitiveServices'
  sku: { name: 'S0' }
  properties: { disableLocalAuth: true }
}
"""
TOPIC = """
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'egst-talenti'
  location: location
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}
"""
ADDRESS = """
resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2026-10-01' existing = {
  name: 'psql'
}

resource addresses 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2026-10-01' = {
  parent: server
  name: 'office'
  properties: { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.9' }
}
"""
MORE = {
    NETWORK: ("securityRules: []", RULE),
    STORAGE: ("\noutput", f"{ENDPOINT}{ALERT}{ACCOUNT}{TOPIC}{ADDRESS}\noutput"),
}

# what is planted: file, old, new, and a part of the message
PLANTED: dict[str, tuple[str, str, str, str]] = {
    "port": (NETWORK, "'443'", "'https'", "AllowHTTPS: 'https' is no destinationPortRanges"),
    "range of ports": (NETWORK, "30000-32767", "30000:32767", "'30000:32767' is no"),
    "prefix": (NETWORK, "'Internet'", "'internet-all'", "'internet-all' is no sourceAddressPrefix"),
    "range of addresses": (
        NETWORK,
        "'10.0.0.0/23'\n      dest",
        "'10.0.0.1/23'\n      dest",
        "no dest",
    ),
    "group of an endpoint": (
        STORAGE,
        "groupIds: ['blob']",
        "groupIds: ['file']",
        "of the group 'blob'",
    ),
    "zone of an endpoint": (STORAGE, "privatelink.blob.", "privatelink.file.", "looked up in"),
    "time of an alert": (STORAGE, "'PT10M'", "'10m'", "10m or PT5M is no time"),
    "gap between windows": (STORAGE, "'PT10M'", "'PT1M'", "is never seen, every PT5M"),
    "column of an alert": (
        STORAGE,
        "Column: 'failed'",
        "Column: 'errors'",
        "its query gives no errors",
    ),
    "dimension": (STORAGE, "{ name: 'Name'", "{ name: 'Route'", "its query gives no Route"),
    "kind of an account": (STORAGE, "'CognitiveServices'", "'Speech'", "'Speech' is no kind"),
    "keys of an account": (STORAGE, "Auth: true", "Auth: false", "identities are enough"),
    "topic of another source": (
        STORAGE,
        "'Microsoft.Storage.S",
        "'Microsoft.Web.S",
        "does not tell",
    ),
    "address": (STORAGE, "'203.0.113.9'", "'203.0.113'", "'203.0.113' is no address"),
    "profile": (
        APPS,
        "environmentId: environmentId\n",
        "environmentId: environmentId\n    workloadProfileName: 'D4'\n",
        "its environment has no profile 'D4', but ['Consumption']",
    ),
    "environment": (APPS, "environmentId: environmentId", "environmentId: suffix", "not made here"),
    "length of a list": (APPS, "listLength: '5'", "listLength: 'five'", "listLength of the scaler"),
    "password of a scaler": (
        APPS,
        "              type: 'redis'\n",
        (
            "              type: 'redis'\n"
            "              auth: [{ secretRef: 'secret-key', triggerParameter: 'pass' }]\n"
        ),
        "the scaler takes no 'pass'",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_text_is_found(planted: str, tmp_path: Path) -> None:
    name, old, new, message = PLANTED[planted]

    found = plant(tmp_path, name, old, new, MORE)

    assert [one for one in found if one.rule == "texts" and message in one.message] != []


def test_without_them_there_are_no_findings(tmp_path: Path) -> None:
    assert plant(tmp_path, more=MORE) == []
