"""`python -m local.vendor_sims --port N`: the simulators as a process."""

import argparse
from pathlib import Path

from local.simulating.clock import now
from local.simulating.server import server
from local.vendor_sims.simulator import Simulator


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m local.vendor_sims", description="Twilio, SendGrid and Plaid on this machine."
    )
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1")
    parser.add_argument("--sendgrid-webhook-url", help="may also be told later, with POST /_sim/webhooks")
    parser.add_argument("--plaid-webhook-url", help="likewise")
    parser.add_argument("--clock-file", type=Path, help="holds whole seconds that are added to the time")
    options = parser.parse_args()
    simulator = Simulator(lambda: now(options.clock_file))
    simulator.sendgrid.webhook_url = options.sendgrid_webhook_url
    simulator.plaid.webhook_url = options.plaid_webhook_url
    simulator.start()
    server(simulator, options.port).run()


if __name__ == "__main__":
    main()
