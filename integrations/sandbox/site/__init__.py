"""A customer's web site on localhost: it asks the product and takes its webhooks."""
