"""The kinds of Tuya devices: by what each is recognized, and what its points are.

The same numbers mean something else in each of Tuya's categories. So what several points are, and
whether their values make sense, decides: the target of a heater is where a dimmer has its
brightness. Where nothing is certain, a unit is nothing, and its owner says what its points mean.
"""

from lan_edge import STANDARD, PointTable

from .meanings import FORMS, SIGNS, SoilMoisture, TargetHumidity

TABLE = """
fan  60=flag 62=speed?
  60        switch.switch
  62=speed  fanSpeed.fanSpeed               speed_60  as:fan
  20=flag   switch.switch                   on:light  as:light
  22|24     switchLevel.level               light  mode:21  on:light  if 20=flag
  24        colorControl.hue                light  on:light  if 20=flag
  24        colorControl.saturation         light  on:light  if 20=flag
  23        colorTemperature.colorTemperature       light  on:light  if 20=flag

kettle  1=flag 2=0..120 15=kettle_state 16=text
kettle  1=flag 2=0..120 8=kettle_state 11=text
  1         switch.switch
  2         temperatureMeasurement.temperature  number

garage_door  1=flag 2=!flag 3=flag 4-5=number 11=flag 12=text
  3=flag    garageDoorControl.door  door  sets:1

valve  1=flag 2=!number 10="cancel|24h|48h|72h" 11=number
  1=flag    valve.valve
  7=0..100  battery.battery  whole

siren  1-4=none 5=volume 7=number 13=flag
siren  1=siren_word 5=volume 7=number 13=flag
  13=flag   alarm.alarm  siren
  1=text    alarm.alarm  siren_word
  15=0..100  battery.battery  whole

soil_sensor  1-2=none 3=0..100 4=none 5=number 9="c|f" 15=0..100
  3         tuya.soilMoisture.moisture  whole
  15        battery.battery  whole

air_conditioner  1=flag 2=number 4=ac_mode 5=ac_speed
air_conditioner  1=flag 2=number 4=own_mode 3=number 5=!flag
  1         switch.switch
  2         thermostatCoolingSetpoint.coolingSetpoint       cooled
  3=number  temperatureMeasurement.temperature              cooled
  4=text    airConditionerMode.airConditionerMode           ac_mode
  5=text    airConditionerFanMode.fanMode                   ac_speed

humidifier  1=flag 2=25..100 3=!number 4|5=text 6=5..100
  1         switch.switch
  2         tuya.targetHumidity.targetHumidity    whole
  6         relativeHumidityMeasurement.humidity  number
  7=-50..50 temperatureMeasurement.temperature    number

humidifier  1=flag 13=25..100 14=5..100
  1         switch.switch
  13        tuya.targetHumidity.targetHumidity    whole
  14        relativeHumidityMeasurement.humidity  number

humidifier  1=flag 3=5..100 4=25..100 6=text
  1         switch.switch
  4         tuya.targetHumidity.targetHumidity    whole
  3         relativeHumidityMeasurement.humidity  number

light  20=flag 21=text? 22=number? 23=number? 24=text?
light  20=flag? 21=light_mode 22=number? 23=number? 24=text?
  20        switch.switch                           as:light
  22|24     switchLevel.level                       light  mode:21
  24        colorControl.hue                        light
  24        colorControl.saturation                 light
  23        colorTemperature.colorTemperature       light

light  2=light_mode
  1         switch.switch                           as:light
  3|5       switchLevel.level                       light  mode:2
  5         colorControl.hue                        light
  5         colorControl.saturation                 light
  4         colorTemperature.colorTemperature       light

cover  1=shade_word
cover  1="0|1|2|00|01|02" 2|3=0..100
  3|2=number  windowShade.windowShade                 shade  sets:1
  1         windowShade.supportedWindowShadeCommands  shade_commands
  1         windowShade.windowShade                   shade
  3|2=number  windowShadeLevel.shadeLevel             position  sets:2

motion  1=presence
  1         motionSensor.motion    motion
  4|3=number  battery.battery

smoke  1=alarm 14|15|16=any
  1         smokeDetector.smoke    smoke
  15|14=number  battery.battery

leak  1=alarm 2=!number 5=!volume
  1         waterSensor.water      leak
  4=number  battery.battery

fan  1=flag 2=filled 3=slow 4=!number
fan  1=flag 2=filled 3=speed 4=!number 5=flag
fan  1=flag 2=filled 3=speed 4=!number 8=text
fan  1=flag 2=number? 3=level 4=!number
  1         switch.switch
  3=turn   fanSpeed.fanSpeed               speed_1  as:fan

thermostat  1=flag 16=5..95 24=-40..4500
thermostat  1=flag 16=96..950 24=-400..499
thermostat  1=flag 16=96..4500 24=500..4500
thermostat  2=text 16=5..95 24=-40..4500
thermostat  2=text 16=96..950 24=-400..499
thermostat  2=text 16=96..4500 24=500..4500
  24        temperatureMeasurement.temperature               degrees_16
  16        thermostatHeatingSetpoint.heatingSetpoint        degrees_16
  1=flag    thermostatMode.thermostatMode                    heats

thermostat  2=text 3=text 4=5..95 5=-40..4500
thermostat  2=text 3=text 4=96..950 5=-400..499
thermostat  2=text 3=text 4=96..4500 5=500..4500
  5         temperatureMeasurement.temperature               degrees_4
  4         thermostatHeatingSetpoint.heatingSetpoint        degrees_4
  1=flag    thermostatMode.thermostatMode                    heats

meter  16=flag 1=!flag
meter  1=number 6|7|8=phase
  16=flag   switch.switch                   as:outlet
  1=number  energyMeter.energy              hundredths
  6=phase   powerMeter.power                phase_power    on:phase_a?
  6=phase   voltageMeasurement.voltage      phase_voltage  on:phase_a?
  6=phase   currentMeasurement.current      phase_current  on:phase_a?
  7=phase   powerMeter.power                phase_power    on:phase_b?
  7=phase   voltageMeasurement.voltage      phase_voltage  on:phase_b?
  7=phase   currentMeasurement.current      phase_current  on:phase_b?
  8=phase   powerMeter.power                phase_power    on:phase_c?
  8=phase   voltageMeasurement.voltage      phase_voltage  on:phase_c?
  8=phase   currentMeasurement.current      phase_current  on:phase_c?
  2=number  energyMeter.energy              hundredths  on:returned  if 1=number

air_purifier  1=flag 2=0..1000 3=purifier_mode
  1         switch.switch
  4=speed   fanSpeed.fanSpeed               speed_1  as:fan
  2         fineDustSensor.fineDustLevel    number
  5=0..100  filterState.filterLifeRemaining  whole

climate_sensor  1=-400..1000 2=0..1000
  1         temperatureMeasurement.temperature    tenths
  2         relativeHumidityMeasurement.humidity  percent
  4|3=number  battery.battery

contact  1=flag 2=0..100 3=!number #=0..4
contact  1=flag 2=0..100 *=number #=0..4
  1         contactSensor.contact
  2|3=number  battery.battery

dimmer  1=flag 2=number 4=lamp
dimmer  1=flag 2=number 7=flag 8=number
dimmer  1=flag 2=number 15=flag 16=number
dimmer  1=flag 2=45..1000 3,5,6,8,9,11,12,16=number? 14,21=any? *=none
  1         switch.switch                   as:light
  2         switchLevel.level               brightness
  7=flag    switch.switch                   as:light on:light_2  if 8=number
  8=number  switchLevel.level               brightness on:light_2  if 7=flag
  15=flag   switch.switch                   as:light on:light_3  if 16=number
  16=number  switchLevel.level              brightness on:light_3  if 15=flag

automatic  1=flag 2=1..1000 3,5,6,8,9,11,12,16=number? 14,21=any? *=none
  1         switch.switch                   as:outlet

thermostat  1=flag 2=5..95 3=-40..4500
thermostat  1=flag 2=96..500 3=-400..4500
thermostat  1=flag 2=501..4500 3=500..4500
  3         temperatureMeasurement.temperature               degrees_2
  2         thermostatHeatingSetpoint.heatingSetpoint        degrees_2
  1         thermostatMode.thermostatMode                    heats

outlet  1|2|3|4|5|6|7|8=flag
outlet  19-20=number
  1=flag    switch.switch                   on:outlet_1?  as:outlet
  2=flag    switch.switch                   on:outlet_2?  as:outlet  if 1=flag?
  3=flag    switch.switch                   on:outlet_3?  as:outlet  if 1-2=flag?
  4=flag    switch.switch                   on:outlet_4?  as:outlet  if 1-3=flag?
  5=flag    switch.switch                   on:outlet_5?  as:outlet  if 1-4=flag?
  6=flag    switch.switch                   on:outlet_6?  as:outlet  if 1-5=flag?
  7=flag    switch.switch                   on:outlet_7?  as:outlet  if 1-6=flag?
  8=flag    switch.switch                   on:outlet_8?  as:outlet  if 1-7=flag?
  1|2|3|4|5|6|7|8=flag  switch.switch       as:outlet  if ^1-8=!flag
  19=number  powerMeter.power               tenths       if 20=number
  20=number  voltageMeasurement.voltage     tenths       if 19=number
  18=number  currentMeasurement.current     thousandths  if 19-20=number
  5=number  powerMeter.power                tenths       if 19=none 4=number 6=800..3000
  6=800..3000  voltageMeasurement.voltage   tenths       if 19=none 4-5=number
  4=number  currentMeasurement.current      thousandths  if 19=none 5=number 6=800..3000
"""
"""The first kind that fits counts. `automatic` may be a dim dimmer, or a heater with its target and
the room at 2 and 3; of an outlet, a flag behind what is no switch is something else. A plug that
tells its power tells its voltage, too, else 19 is a countdown. The oldest plugs have them at 4 to
6, where others count down or measure the air, so the voltage has to be one. Plugs have no total of
energy: their point 17 is what was added since they told it to the cloud last."""

KINDS = PointTable(TABLE, FORMS, SIGNS, (*STANDARD, SoilMoisture, TargetHumidity))
