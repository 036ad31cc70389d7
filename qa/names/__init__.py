"""The people, organisations and places that releases name: found, joined, exported."""
