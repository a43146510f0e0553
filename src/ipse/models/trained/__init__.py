"""Networks that scripts of this repository trained: `training/`, docs/model-cards."""
