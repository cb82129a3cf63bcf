"""The pages. Each view fetches through `access`, prepares facts, renders."""
