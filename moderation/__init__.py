"""The platform-neutral core: what a school's social-media policy asks for, as code.

Nothing in this package knows a chat platform, a web server, a database or a scheduler. The rooms,
lowest first: ``kernel``, ``views``, ``ports``, ``policies``, ``checks``, ``people``, ``accounts``,
``posts``, ``oversight``, ``service``. An import contract keeps the order.
"""
