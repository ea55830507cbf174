"""What an edit goes through: admission, the model, the finished pictures."""
