"""Xiaomi's lights, plugs and strips.

The power of cp1m and cp2 is in tenths of watts: users' reports say so of cp2, miot-spec.org watts.
A cp5pro forgets its energy (10.1) when that is read here, so it is left to its app.
"""

TABLE = """
lamp
    as=light switch=2.1 level=2.2 white=2.3,2700,6500
  yeelink.light.lamp4  white=2.3,2600,5000
  yeelink.light.lamp15 yeelink.light.lamp22 yeelink.bhf_light.v1
  yeelink.light.fancl8  white=2.3,2700,5300
  leshi.light.wy0b01  white=2.3,3000,6400
  yeelink.light.colorc  hue=2.4 saturation=2.4 when=2.4:2.5:1

ceiling_lamp
    as=light switch=2.1 level=2.3
  yeelink.light.ceilc yeelink.light.fancl[1256]  white=2.5,2700,6500
  yeelink.light.mono6 yeelink.light.monob yeelink.bhf_light.v5
  cuco.light.sl4a  hue=2.4 saturation=2.4 when=2.4:2.2:1

old_lamp
    as=light switch=power>set_power,off,on level=bright>set_bright
  philips.light.*  white=cct>set_cct,3000,5700,1,100
  yeelink.light.*
    white=ct>set_ct_abx,1700,6500 hue=rgb>set_rgb saturation=rgb>set_rgb
    rather=bright:nl_br when=rgb:color_mode:1

old_plug
    as=outlet switch=power>set_power,off,on temperature=temperature
  chuangmi.plug.v1  switch=on>set_off|set_on usb=usb_on>set_usb_off|set_usb_on
  chuangmi.plug.v3  switch=on>set_power,off,on usb=usb_on>set_usb_off|set_usb_on
  chuangmi.plug.hmi208  usb=usb_on>set_usb_off|set_usb_on
  chuangmi.plug.m? chuangmi.plug.v2 chuangmi.plug.hmi20[56]

plug
    as=outlet switch=2.1
  chuangmi.plug.212a01  temperature=2.6 power=5.6,0.01
  cuco.plug.v2eur cuco.plug.v3  power=11.2
  cuco.plug.cp1m  power=4.1,0.1
  cuco.plug.cp2  power=3.2,0.1
  cuco.plug.cp2a  outlet_1=3.1 outlet_2=4.1
  cuco.plug.cp3a  outlet_1=3.1 outlet_2=4.1 outlet_3=5.1
  cuco.plug.cp5 cuco.plug.sp5  outlet_1=3.1 outlet_2=4.1 outlet_3=5.1 outlet_4=6.1 usb=7.1
  cuco.plug.cp5pro
    outlet_1=3.1 outlet_2=4.1 outlet_3=5.1 outlet_4=6.1 usb=7.1 power=10.4
  cuco.plug.*
"""
"""A ceiling lamp's night light has a brightness of its own, which counts while it is not 0."""
