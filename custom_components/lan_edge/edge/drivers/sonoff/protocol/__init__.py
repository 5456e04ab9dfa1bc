"""eWeLink's protocol on the local network: what is asked by HTTP, plain or encrypted.

Sources: the maker's *DIY mode API protocol* 1.4 and 2.2 (requests, `seq`, codes of errors), and
pysonofflanr3 (encryption, which the maker described once).
"""
