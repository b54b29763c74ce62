"""The version of this module."""

#: That of the program that it belongs to, as `Cargo.toml` has it. A test holds the two together.
__version__ = "0.1.0"
