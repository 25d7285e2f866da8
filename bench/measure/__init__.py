"""What bench/compare and bench/profile are made of. Start at scenarios/__init__.py: it lists what is measured."""
