"""Pictures of a dashboard and of a trace, from a run that is watched for real."""
