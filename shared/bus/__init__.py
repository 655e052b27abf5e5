"""Events and calls between services: contracts, envelope, outbox, inbox, deferred messages, RPC, embedded transport."""
