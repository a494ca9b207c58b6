"""The record: what happened, in a chain that shows tampering, and the checkpoints that fix it.

    links        what one line's hash covers
    chain        appending, reading, walking
    notes        signed checkpoints as text
    checkpoints  those that were signed, in the database
    places       and in folders outside it
    whose        which school a line belongs to

What is made of it for people (signing, exporting, verifying) is in ``bot.audit``.
"""
