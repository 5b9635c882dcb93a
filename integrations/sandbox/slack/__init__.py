"""Slack on localhost: a strict imitation of its wire, built from the contract.

slack = Slack(world, read_manifest(Path("manifest.yml"), app_url), journal)
app.router.add_routes(slack.routes())
slack.base_url = "http://127.0.0.1:4000"     # where the sandbox itself can be reached
ada = slack.person("T0HOME", "U0ADA")
await ada.command("/followup acme")
await slack.close()
"""
