"""The inbox: messages to (role, organisation), so that whoever holds the role finds them."""
