"""Xiaomi's devices for the air: purifiers, fans, heaters, humidifiers and monitors.

A property that a device does not have is left out by itself, so one row serves several models. Of
purifiers, mode 2 is the user's favourite, and 3 a speed. Heaters do not say whether they heat now.
"""

TABLE = """
purifier_3
    switch=2.2 speed=2.4,3 manual=3 purifier=2.5,auto:0,sleep:1,-:2/3
    dust=3.6 humidity=3.7 temperature=3.8 filter=4.3
  zhimi.airpurifier.ma4 zhimi.airpurifier.mb3* zhimi.airp.mb3a
  zhimi.airpurifier.va1 zhimi.airpurifier.vb2 zhimi.airp.vb2a
  zhimi.airpurifier.za1  switch=2.1

purifier_3c
    switch=2.1 purifier=2.4,auto:0,sleep:1,-:2/3 dust=3.4 filter=4.1
  zhimi.airpurifier.mb4 zhimi.airp.mb4a zhimi.airp.cpa4

purifier_4_lite purifier_3c
    humidity=3.1 temperature=3.7
  zhimi.airpurifier.rma1 zhimi.airp.rmb1
  zhimi.airp.mb5* zhimi.airp.va2 zhimi.airp.vb4 zhimi.airp.mp4  speed=2.5,3 manual=3
  zhimi.airp.sa4  speed=2.5,3,0 manual=3
  zhimi.airpurifier.xa1  speed=2.3,3 manual=3

purifier
  hanyi.airpurifier.kj550
    switch=2.1 percent=2.5 manual=2 purifier=2.4,auto:0,sleep:1,-:2 dust=3.4 humidity=3.6

old_purifier
    switch=power>set_power,off,on
    purifier=mode>set_mode,auto:auto,sleep:silent,-:favorite/idle/low/medium/high/strong
    dust=aqi humidity=humidity temperature=temp_dec,0.1 filter=filter1_life
  zhimi.airpurifier.v? zhimi.airpurifier.m[12] zhimi.airpurifier.ma? zhimi.airpurifier.mc?
  zhimi.airpurifier.sa?

fan
    as=fan switch=2.1 percent=2.6 wind=2.3,noWind:0,naturalWind:1 swing=2.4
  dmaker.fan.p9 dmaker.fan.p39
    percent=2.11 wind=2.4,noWind:0,naturalWind:1,sleepWind:2 swing=2.5
  dmaker.fan.p10 dmaker.fan.p18 dmaker.fan.p30  percent=2.10
  dmaker.fan.p11 dmaker.fan.p15 dmaker.fan.p33
  dmaker.fan.1e  percent=8.1
  dmaker.fan.p45  percent=8.1 wind=2.3,noWind:0,naturalWind:1,sleepWind:2
  dmaker.fan.p28 dmaker.fan.p220 dmaker.fan.p221
    percent=8.1 wind=2.3,noWind:0,naturalWind:1,-:2,sleepWind:3 temperature=9.1 humidity=9.2
  xiaomi.fan.p45
    percent=2.5 wind=2.3,noWind:0,naturalWind:1,sleepWind:2 swing=2.6
  dreame.fan.p2018
    percent=2.2 wind=2.18,noWind:1,naturalWind:2,-:3/4/5 swing=2.19
    temperature=14.1 humidity=14.2 fine=14.3 coarse=14.4 filter=15.1

fan_of_zhimi
    as=fan switch=2.1 percent=5.10 wind=2.7,noWind:1,naturalWind:0 swing=2.3
  zhimi.fan.za5  percent=6.8 humidity=7.1 temperature=7.7
  zhimi.fan.fa1 zhimi.fan.fb1

other_fan
    as=fan
  dmaker.fan.1c dmaker.fan.p8
    switch=2.1 speed=2.2,3 swing=2.3 wind=2.7,noWind:0,naturalWind:1
  dmaker.fan.p5
    switch=power>s_power percent=speed>s_speed swing=roll_enable>s_roll
    wind=mode>s_mode,noWind:normal,naturalWind:nature
  zhimi.fan.v[23] zhimi.fan.sa1 zhimi.fan.za?
    switch=power>set_power,off,on percent=speed_level>set_speed_level
    swing=angle_enable>set_angle_enable,off,on
    temperature=temp_dec,0.1 humidity=humidity at_once=1

heater
    heat=2.1 target=2.5,18,28 temperature=4.7
  zhimi.heater.ma2 zhimi.heater.mc2
  zhimi.heater.ma3  target=2.5,16,28
  leshow.heater.bs1 leshow.heater.bs1s leshow.heater.bs3  target=2.3,18,28

other_heater
  zhimi.heater.za2 zhimi.heater.zb1  heat=2.2 target=2.6,16,28 humidity=5.7 temperature=5.8
  zhimi.heater.nb1  heat=2.2 target=2.5,16,30 temperature=9.7
  zhimi.heater.na1  switch=2.2
  isleep.blanket.hs2201 isleep.blanket.hs2205  heat=2.1 target=2.5,20,45 temperature=2.6

humidifier
    switch=2.1 humidity=3.1 temperature=3.7
  zhimi.humidifier.ca4  humidifier=2.5,auto:0,low:1,medium:2,high:3 humidity=3.9
  deerma.humidifier.jsq[s52]*  humidifier=2.5,low:1,medium:2,high:3,auto:4
  deerma.humidifier.jsq4  humidifier=2.5,low:1,high:2,auto:3
  dmaker.humidifier.p2  humidifier=2.3,auto:0,low:1,high:2

other_humidifier
  leshow.humidifier.jsq1  switch=2.1 humidifier=2.3,auto:0,high:1,low:2 humidity=3.1
  deerma.humidifier.mjjsq deerma.humidifier.jsq deerma.humidifier.jsq1
    switch=OnOff_State>Set_OnOff,0,1
    humidifier=Humidifier_Gear>Set_HumidifierGears,low:1,medium:2,high:3,auto:4,-:5
    humidity=Humidity_Value temperature=TemperatureValue

old_humidifier
    switch=power>set_power,off,on humidity=humidity temperature=temperature at_once=1
    humidifier=mode>set_mode,low:silent,medium:medium,high:high,auto:auto,-:strong
  zhimi.humidifier.cb?
  zhimi.humidifier.v1 zhimi.humidifier.ca1  temperature=temp_dec,0.1

monitor
  cgllc.airm.cgdn1  humidity=3.1 fine=3.4 coarse=3.5 temperature=3.7 co2=3.8 battery=4.1
  zhimi.airmonitor.v1  switch=power>set_power,off,on dust=aqi battery=battery
"""
