"""Room: an example of a client app, whose users sign up with the product."""
