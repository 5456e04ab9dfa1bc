"""Xiaomi's vacuum cleaners: their states, and what has them start, stop, pause and go home."""

TABLE = """
robot_of_dreame
    movement=2.1,cleaning:1/7/11/12,idle:2/14,pause:3,alarm:4,homing:5/10,charging:6/8/9/13
    battery=3.1 filter=11.1 start=2.1 stop=2.2 home=3.1
  dreame.vacuum.mc1808 dreame.vacuum.mb1808
    movement=3.2,cleaning:1/7/11/12,idle:2/14,pause:3,alarm:4,homing:5/10,charging:6/8/9/13
    battery=2.1 filter=27.1 start=3.1 stop=3.2 home=2.1
  dreame.vacuum.*

robot
    movement=2.1,idle:0/1/8,pause:2,homing:3,charging:4,cleaning:5/6/7
    battery=3.1 start=2.1 stop=2.2 home=3.1
  roidmi.vacuum.v60 roidmi.vacuum.v66
    filter=10.1 movement=2.1,idle:1/2,pause:3/11,cleaning:4,homing:5,charging:6/9,
      alarm:7,point:8,powerOff:10,-:12/13
  viomi.vacuum.v18 viomi.vacuum.v19  pause=2.3 home=2.4
  mijia.vacuum.v2
    movement=2.1,idle:1,cleaning:2,pause:3,alarm:4,charging:5,homing:6 home=2.3
  ijai.vacuum.*

robot_of_roborock
    movement=state,cleaning:1/4/5/7/16/17/18,idle:2/3/14,homing:6/15/26,
      charging:8/22/23/100,alarm:9/12,pause:10,point:11,powerOff:13,-:101
    battery=battery start=app_start stop=app_stop pause=app_pause home=app_charge
    request=get_status
  rockrobo.vacuum.v1  home=app_pause+app_charge
  roborock.vacuum.*
"""
