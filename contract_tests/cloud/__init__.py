"""Cloud extensions modelled on the extension guide's examples, with their mistakes put right.

They stand for what a private cloud repository would hold: they use nothing of the contract kit.
`servers` are the loopback counterparts that the contract run talks to.
"""
