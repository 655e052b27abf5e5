"""HTTP for every process: the routes and answers of the gateway, the server beneath them, health for the others.

Import from the modules: ``routing`` and ``answers`` need no eventlet, ``server`` and ``health`` do.
"""
