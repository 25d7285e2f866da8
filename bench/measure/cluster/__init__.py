"""Measurements of a whole cluster: etcd, control planes and data planes on this machine."""
