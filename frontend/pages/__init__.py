"""The pages for people: playground, keys, status. Plain files in `static/`, no build step."""
