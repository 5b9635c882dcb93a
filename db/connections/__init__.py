"""What members have connected, and sign-ins under way."""
