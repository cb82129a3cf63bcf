"""What templates may call: forms that know their owner, rows of grids, Vietnamese numbers and dates."""
