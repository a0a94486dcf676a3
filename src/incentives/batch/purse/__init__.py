"""Limited purses: one amount shared among all who claim."""
