"""The models, as the rest of the frontend sees them: `models.EditModels`, served by Triton."""
