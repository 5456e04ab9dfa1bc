"""What Xiaomi's devices are: where each model has which property, and how that is coded.

Source: miot-spec.org, Xiaomi's list of what each model has by number, as python-miio,
homebridge-miot and others repeat it. Not documented: what the older Yeelights and Philips lights
have as their range of white.
"""
