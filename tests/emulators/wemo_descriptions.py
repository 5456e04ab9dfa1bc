"""What a WeMo says of itself: its setup.xml, and the description of each of its services."""

from collections.abc import Iterable

ARGUMENTS = {
    "GetBinaryState": ("BinaryState", "brightness", "fader"),
    "SetBinaryState": ("BinaryState", "Duration", "EndAction", "UDN", "brightness", "fader"),
    "GetInsightParams": ("InsightParams",),
    "FetchRules": ("ruleDbVersion", "ruleDbPath"),
    "StoreRules": ("ruleDbVersion", "processDb", "ruleDbBody"),
}
VARIABLES = {
    "basicevent": ("BinaryState", "Brightness"),
    "insight": ("InsightParams",),
    "rules": ("ruleDbVersion",),
}

SERVICE = """
      <service>
        <serviceType>{type}</serviceType>
        <serviceId>urn:Belkin:serviceId:{name}1</serviceId>
        <controlURL>/upnp/control/{name}1</controlURL>
        <eventSubURL>/upnp/event/{name}1</eventSubURL>
        <SCPDURL>/{name}service.xml</SCPDURL>
      </service>"""

ACTION = """
    <action>
      <name>{name}</name>
      <argumentList>{arguments}
      </argumentList>
    </action>"""

ARGUMENT = """
        <argument>
          <retval />
          <name>{name}</name>
          <relatedStateVariable>{name}</relatedStateVariable>
          <direction>{direction}</direction>
        </argument>"""

VARIABLE = """
    <stateVariable sendEvents="yes">
      <name>{name}</name>
      <dataType>string</dataType>
      <defaultValue>0</defaultValue>
    </stateVariable>"""

SCPD = """<?xml version="1.0"?>
<scpd xmlns="urn:Belkin:service-1-0">
  <specVersion>
    <major>1</major>
    <minor>0</minor>
  </specVersion>
  <actionList>{actions}
  </actionList>
  <serviceStateTable>{variables}
  </serviceStateTable>
</scpd>
"""

SETUP = """<?xml version="1.0"?>
<root xmlns="urn:Belkin:device-1-0">
  <specVersion>
    <major>1</major>
    <minor>0</minor>
  </specVersion>
  <device>
<deviceType>{type}</deviceType>
<friendlyName>{name}</friendlyName>
    <manufacturer>Belkin International Inc.</manufacturer>
    <manufacturerURL>http://www.belkin.com</manufacturerURL>
    <modelDescription>Belkin Plugin Socket 1.0</modelDescription>
    <modelName>{model}</modelName>
    <modelNumber>1.0</modelNumber>
<serialNumber>{serial}</serialNumber>
<UDN>uuid:{udn}</UDN>
    <UPC>123456789</UPC>
<macAddress>94103E001122</macAddress>
<firmwareVersion>WeMo_WW_2.00.11453.PVT-OWRT</firmwareVersion>
<iconVersion>1|49153</iconVersion>
<binaryState>0</binaryState>
    <serviceList>{services}
    </serviceList>
   <presentationURL>/pluginpres.html</presentationURL>
</device>
</root>
"""


def described(service: str, actions: Iterable[str]) -> str:
    """Return the description of a service."""
    return SCPD.format(
        actions="".join(map(_action, sorted(actions))),
        variables="".join(VARIABLE.format(name=each) for each in VARIABLES[service]),
    )


def _action(action: str) -> str:
    """Return the description of an action: Set and Store take arguments, the others return."""
    names, direction = ARGUMENTS[action], "in" if action.startswith("S") else "out"
    arguments = (ARGUMENT.format(name=name, direction=direction) for name in names)
    return ACTION.format(name=action, arguments="".join(arguments))
